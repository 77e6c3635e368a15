import type { RequestEvent, TargetClient } from '@scim-onboarding/scim-core/client';
import { plainScim } from './support/plain-scim.ts';
import type { PeerAddress } from './support/peer-process.ts';
import { clientOf, outcomeOf } from './support/subject.ts';
import { recordTokens, type TokenRecorder } from './support/token-recorder.ts';

/** An OAuth 2.0 authorization server with a SCIM server behind it. */
export interface OAuthSubject {
  readonly address: PeerAddress;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** What the client is asked to do with a server whose tokens it has to fetch. */
export const OAUTH_PROBES = {
  async 'get a token and create a group'(subject) {
    return withClient(subject, {}, async ({ client, recorder }) => {
      const target = await client.target();
      const user = await plainScim(subject.address.baseUrl, () => recorder.tokens.at(-1) ?? '').addUser('interop-1');
      const { group } = await target.create({ externalId: 'o-1', displayName: 'First', members: [{ id: user }] });
      const read = await target.get(group.id);
      return { name: read.displayName, externalId: read.externalId, members: read.memberIds?.length };
    });
  },

  async 'one token for many requests'(subject) {
    return withClient(subject, {}, async ({ client, recorder }) => {
      const target = await client.target();
      await Promise.all(['a', 'b', 'c', 'd'].map((id) => outcomeOf(target.get(id))));
      return recorder.tokens.length;
    });
  },

  async 'a wrong secret'(subject) {
    return withClient(subject, { SCIM_CLIENT_SECRET: 'wrong' }, ({ client }) => outcomeOf(client.target()));
  },

  async 'a client that is not known'(subject) {
    return withClient(subject, { SCIM_CLIENT_ID: 'nobody' }, ({ client }) => outcomeOf(client.target()));
  },

  async 'a token that was revoked'(subject) {
    return withClient(subject, {}, async ({ client, recorder, events }) => {
      const target = await client.target();
      const { group } = await target.create({ externalId: 'o-2', displayName: 'Second', members: [] });
      await revoke(subject, recorder.tokens.at(-1) ?? '');
      const before = events.length;
      const read = await target.get(group.id);
      const groupRequests = events.slice(before).filter(({ url }) => url.startsWith(subject.address.baseUrl));
      return {
        name: read.displayName,
        tokens: new Set(recorder.tokens).size,
        statuses: groupRequests.map(({ status }) => status),
      };
    });
  },

  async 'find by externalId'(subject) {
    return withClient(subject, {}, async ({ client }) => outcomeOf((await client.target()).findByExternalId('o-1')));
  },
} as const satisfies Readonly<Record<string, (subject: OAuthSubject) => Promise<unknown>>>;

export type OAuthProbeName = keyof typeof OAUTH_PROBES;

interface Running {
  readonly client: TargetClient;
  readonly recorder: TokenRecorder;
  readonly events: readonly RequestEvent[];
}

async function withClient<T>(
  { address, clientId, clientSecret }: OAuthSubject,
  others: Readonly<Record<string, string>>,
  run: (running: Running) => Promise<T>,
): Promise<T> {
  const events: RequestEvent[] = [];
  const recorder = await recordTokens(needed(address.tokenUrl));
  const client = clientOf(
    {
      SCIM_BASE_URL: address.baseUrl,
      SCIM_TOKEN_URL: recorder.url,
      SCIM_CLIENT_ID: clientId,
      SCIM_CLIENT_SECRET: clientSecret,
      ...others,
    },
    (event) => events.push(event),
  );
  try {
    return await run({ client, recorder, events });
  } finally {
    await client.close();
    await recorder.close();
  }
}

/** RFC 7009. */
async function revoke({ address, clientId, clientSecret }: OAuthSubject, token: string): Promise<void> {
  const answer = await fetch(needed(address.revocationUrl), {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
    body: new URLSearchParams({ token }),
  });
  if (!answer.ok) throw new Error(`POST ${answer.url}: ${answer.status} ${await answer.text()}`);
}

function needed(url: string | undefined): string {
  if (url === undefined) throw new Error('the peer did not say where its OAuth endpoints are');
  return url;
}
