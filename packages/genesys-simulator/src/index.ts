export { controlOf, SimulatorControl } from './control-client.ts';
export { demoSeed } from './demo-seed.ts';
export { DirectoryError, type DirectoryProblem } from './directory.ts';
export { type Fault, faultSchema } from './faults.ts';
export type { GroupsApi, SimulatorOptions, VersionMismatch } from './options.ts';
export type { LoggedRequest, ReceivedWebhook, RequestFilter, SimulatedGroup } from './records.ts';
export { parseSeed, type Seed, type SeedGroup, type SeedUser } from './seed.ts';
export { type Simulator, startSimulator } from './server.ts';
export type { ApiFamily, VisibilityDelays } from './visibility.ts';
