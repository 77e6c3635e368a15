const USER_URN = 'urn:ietf:params:scim:schemas:core:2.0:User';
const TIMEOUT_MS = 15_000;

/** SCIM requests without the client under test: they make users, and look behind the client's back. */
export interface PlainScim {
  /** Makes a user and returns its id. */
  addUser(userName: string): Promise<string>;
  send(method: string, path: string, body?: unknown): Promise<PlainAnswer>;
}

export interface PlainAnswer {
  readonly status: number;
  /** The parsed body; its text where it is not JSON; undefined where there is none. */
  readonly body: unknown;
}

/** @param token returns the bearer token of the next request */
export function plainScim(baseUrl: string, token: () => string): PlainScim {
  const send: PlainScim['send'] = async (method, path, body) => {
    const response = await fetch(`${baseUrl}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token()}`,
        accept: 'application/scim+json',
        ...(body === undefined ? {} : { 'content-type': 'application/scim+json' }),
      },
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: parse(await response.text()) };
  };
  return {
    send,
    async addUser(userName) {
      const answer = await send('POST', '/Users', {
        schemas: [USER_URN],
        userName,
        name: { formatted: 'Interop User', givenName: 'Interop', familyName: 'User' },
        emails: [{ value: `${userName}@example.com` }],
        active: true,
      });
      const id = (answer.body as { id?: string | number } | undefined)?.id;
      if (answer.status !== 201 || id === undefined) {
        throw new Error(`POST ${baseUrl}/Users: ${answer.status} ${JSON.stringify(answer.body)}`);
      }
      return String(id);
    },
  };
}

function parse(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
