import { createRequire } from 'node:module';
import { join } from 'node:path';

/** An answer with status and headers, as the SDK returns it when it is told to. */
export interface SdkAnswer<T> {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: T;
}

/** What the tests read of a group in the Groups API. */
export interface SdkGroup {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly memberCount: number;
  readonly type: string;
  readonly visibility: string;
  readonly description?: string;
}

/** What the tests read of a group in the SCIM API. */
export interface SdkScimGroup {
  readonly id: string;
  readonly displayName: string;
  readonly externalId?: string;
  readonly members?: readonly { readonly value: string; readonly type: string }[];
  readonly meta: { readonly version: string };
}

interface Entities<T> {
  readonly entities: readonly T[];
  readonly total: number;
  readonly pageCount: number;
}

interface ScimList {
  readonly totalResults: number;
  readonly Resources: readonly SdkScimGroup[];
}

type Answer<T> = Promise<SdkAnswer<T>>;

interface GroupsApi {
  postGroups(body: object): Answer<SdkGroup>;
  getGroup(groupId: string): Answer<SdkGroup>;
  putGroup(groupId: string, options: { body: object }): Answer<SdkGroup>;
  deleteGroup(groupId: string): Answer<unknown>;
  getGroups(options?: object): Answer<Entities<SdkGroup>>;
  postGroupsSearch(body: object): Answer<{ total: number; results: readonly SdkGroup[] }>;
  postGroupMembers(groupId: string, body: { memberIds: string[]; version: number }): Answer<unknown>;
  deleteGroupMembers(groupId: string, ids: string): Answer<unknown>;
  getGroupMembers(groupId: string, options?: object): Answer<Entities<{ readonly id: string }>>;
  getGroupIndividuals(groupId: string): Answer<Entities<{ readonly id: string }>>;
}

interface ScimApi {
  getScimGroup(groupId: string): Answer<SdkScimGroup>;
  getScimGroups(options?: object): Answer<ScimList>;
  getScimV2Group(groupId: string, options?: object): Answer<SdkScimGroup>;
  getScimV2Groups(filter: string, options?: object): Answer<ScimList>;
  patchScimV2Group(groupId: string, body: object, options?: object): Answer<SdkScimGroup>;
  putScimV2Group(groupId: string, body: object, options?: object): Answer<SdkScimGroup>;
  getScimV2Serviceproviderconfig(): Answer<{ readonly patch: { readonly supported: boolean } }>;
}

interface UsersApi {
  getUsers(options?: object): Answer<Entities<{ readonly id: string }>>;
  getUser(userId: string): Answer<{ readonly id: string; readonly email: string }>;
}

/** The APIs of the SDK that the tests use, logged in by `login`. */
export interface VendorSdk {
  readonly groups: GroupsApi;
  readonly scim: ScimApi;
  readonly users: UsersApi;
  login(clientId: string, clientSecret: string): Promise<{ readonly accessToken: string }>;
}

interface SdkModule {
  readonly ApiClient: {
    readonly instance: {
      readonly config: { setConfigPath(path: string): void };
      setGateway(gateway: { protocol: string; host: string; port: number }): void;
      setReturnExtendedResponses(extended: boolean): void;
      loginClientCredentialsGrant(clientId: string, clientSecret: string): Promise<{ readonly accessToken: string }>;
    };
  };
  readonly GroupsApi: new () => GroupsApi;
  readonly SCIMApi: new () => ScimApi;
  readonly UsersApi: new () => UsersApi;
}

/**
 * Loads the vendor's SDK and points it at a server. Its types are not imported: they are there only after the peers are installed,
 * and the types of these tests are checked without them.
 *
 * @param folder with `node_modules` in it
 */
export function vendorSdk(folder: string, serverUrl: string): VendorSdk {
  const require = createRequire(join(folder, 'package.json'));
  const sdk = require('purecloud-platform-client-v2') as SdkModule;
  const client = sdk.ApiClient.instance;
  // Without this it reads, and watches, a file in the home of who runs the tests.
  client.config.setConfigPath('');
  const { hostname, port } = new URL(serverUrl);
  client.setGateway({ protocol: 'http', host: hostname, port: Number(port) });
  client.setReturnExtendedResponses(true);
  return {
    groups: new sdk.GroupsApi(),
    scim: new sdk.SCIMApi(),
    users: new sdk.UsersApi(),
    login: (clientId, clientSecret) => client.loginClientCredentialsGrant(clientId, clientSecret),
  };
}

/** Status and code of a call that is refused. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    const { status, body } = error as SdkAnswer<{ code?: string; scimType?: string } | undefined>;
    if (status === undefined) throw error;
    return [status, body?.code ?? body?.scimType].filter((part) => part !== undefined).join(' ');
  }
  throw new Error('the call was not refused');
}
