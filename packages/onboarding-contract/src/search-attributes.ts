import { defineSearchAttributeKey } from '@temporalio/common';

/** Search attributes of a run. No personal data: they are never encrypted. */
export const searchAttributes = {
  groupExternalId: defineSearchAttributeKey('GroupExternalId', 'KEYWORD'),
  stage: defineSearchAttributeKey('OnboardingStage', 'KEYWORD'),
  outcome: defineSearchAttributeKey('OnboardingOutcome', 'KEYWORD'),
  blockedReason: defineSearchAttributeKey('BlockedReason', 'KEYWORD'),
  tenant: defineSearchAttributeKey('OnboardingTenant', 'KEYWORD'),
} as const;

/** What has to be registered in a namespace, by name (`onboard setup`). */
export const SEARCH_ATTRIBUTE_TYPES: Readonly<Record<string, 'KEYWORD'>> = Object.fromEntries(
  Object.values(searchAttributes).map((key) => [key.name, 'KEYWORD' as const]),
);
