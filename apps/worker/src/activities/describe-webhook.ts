import type { OnboardingActivities } from '../workflows/activities.ts';
import type { ActivityDependencies } from './dependencies.ts';

/** Tells a roster whether there is an HRIS to tell, and how long it is to be tried. Workflow code reads no settings. */
export function describeWebhook({ webhook }: ActivityDependencies): OnboardingActivities['describeWebhook'] {
  return () => Promise.resolve(webhook === undefined ? null : { giveUpAfterSeconds: webhook.giveUpAfterSeconds });
}
