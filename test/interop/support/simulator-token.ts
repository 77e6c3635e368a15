import type { Simulator } from '@scim-onboarding/genesys-simulator';

/** A token of the simulator with both SCIM scopes, by the grant client credentials. */
export async function simulatorToken(simulator: Simulator, clientId: string, clientSecret: string): Promise<string> {
  const answer = await fetch(`${simulator.url}/oauth/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'user:scim:write user:scim:read' }),
  });
  const body = (await answer.json()) as { access_token?: string };
  if (body.access_token === undefined) throw new Error(`POST ${answer.url}: ${answer.status} ${JSON.stringify(body)}`);
  return body.access_token;
}
