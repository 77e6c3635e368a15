/** The part of scim-core that opens connections. */
export {
  createHttp,
  MAX_BODY_BYTES,
  type Http,
  type HttpOptions,
  type HttpRequest,
  type HttpResponse,
  type RequestEvent,
} from './http.ts';
export {
  checkTargetSettings,
  parseTargetSettings,
  settingProblem,
  settingsConflicts,
  targetSettingsSchema,
  withoutEmpty,
  type SettingsConflict,
  type TargetSettings,
} from './settings.ts';
export { targetUrls, type PlatformUrls, type ScimUrls, type TargetUrls } from './urls.ts';
export { REGIONS, regionProblem, type Region } from './regions.ts';
export { SCIM_PROFILES, type MemberCheck, type ScimProfile, type ScimProfileName } from './profiles.ts';
export { createTokenSource, type TokenOptions, type TokenSource } from './token.ts';
export { createPacer, type Leave, type Pacer, type PacerOptions, type RateBudget, type Urgency } from './pacer.ts';
export type { CreateAnswer, GroupTarget, ListOptions, TargetCapabilities, TargetName } from './target.ts';
export { sameName } from './names.ts';
export type { ProbeResult } from './probe.ts';
export {
  createTargetClient,
  type TargetClient,
  type TargetClientOptions,
  type TargetOptions,
} from './target-client.ts';
export { createSnapshotTargets, type SnapshotTargets, type SnapshotTargetsOptions } from './snapshot-targets.ts';
export type { SnapshotTarget } from './snapshot-target.ts';
export {
  CAPABILITY_TABLE,
  describeCapabilities,
  targetsDocument,
  type CapabilityRow,
  type DescribedTarget,
} from './capability-table.ts';
