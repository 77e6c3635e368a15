import type { GroupDefinition } from '@scim-onboarding/scim-core';

/** Input of the workflow `onboardGroup`. The client package makes it; it was validated before. */
export interface OnboardGroupInput {
  readonly tenant: string;
  readonly definition: GroupDefinition;
  /** Members that stood more than once in what was handed over; they were dropped. */
  readonly duplicatesDropped: number;
}
