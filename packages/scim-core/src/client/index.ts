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
  parseTargetSettings,
  settingProblem,
  targetSettingsSchema,
  targetUrls,
  withoutEmpty,
  type TargetSettings,
  type TargetUrls,
} from './settings.ts';
export { createTokenSource, type TokenOptions, type TokenSource } from './token.ts';
export type { GroupTarget, TargetCapabilities } from './target.ts';
export { sameName } from './scim-target.ts';
export { createTargetClient, type ProbeResult, type TargetClient, type TargetClientOptions } from './target-client.ts';
