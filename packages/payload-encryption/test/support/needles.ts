/** What the codec and the failure converter have to hide, by the place where the workflow plants it. */
export const HIDDEN = {
  input: 'in-put-4711@corp.example',
  memo: 'me-mo-4711@corp.example',
  upsertedMemo: 'upserted-memo-4711@corp.example',
  staticSummary: 'static-summary-4711@corp.example',
  staticDetails: 'static-details-4711@corp.example',
  activityInput: 'activity-input-4711@corp.example',
  activityResult: 'activity-result-4711@corp.example',
  activitySummary: 'activity-summary-4711@corp.example',
  timerSummary: 'timer-summary-4711@corp.example',
  signal: 'signal-argument-4711@corp.example',
  updateInput: 'update-argument-4711@corp.example',
  updateResult: 'update-result-4711@corp.example',
  childInput: 'child-input-4711@corp.example',
  childResult: 'child-result-4711@corp.example',
  failureDetails: 'failure-details-4711@corp.example',
  heartbeat: 'heart-beat-4711@corp.example',
} as const;

/** Hidden only with the failure converter. */
export const FAILURE_TEXT = {
  activityFailure: 'activity-failure-4711@corp.example',
  activityCause: 'activity-cause-4711@corp.example',
  updateFailure: 'update-failure-4711@corp.example',
  workflowFailure: 'workflow-failure-4711@corp.example',
} as const;

/** In the answer of a query, which is not stored. */
export const QUERIED = { currentDetails: 'current-details-4711@corp.example' } as const;

/** What stays readable for everybody who can read the namespace, whatever is done. */
export const READABLE = {
  searchAttribute: 'search-attribute-4711',
  activityId: 'activity-id-4711',
  failureType: 'FailureType4711',
  updateId: 'update-id-4711',
  identity: 'identity-4711@corp.example',
} as const;
