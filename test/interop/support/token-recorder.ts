import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** Stands in front of a token endpoint and remembers the tokens that it gave out, so that a test can revoke them. */
export interface TokenRecorder {
  readonly url: string;
  /** In the order in which they were given out. */
  readonly tokens: readonly string[];
  close(): Promise<void>;
}

/** @param tokenUrl where requests are passed on to, as they came */
export async function recordTokens(tokenUrl: string): Promise<TokenRecorder> {
  const tokens: string[] = [];
  const server = createServer((request, response) => {
    const pass = async (): Promise<void> => {
      const { authorization = '', 'content-type': contentType = '' } = request.headers;
      const answer = await fetch(tokenUrl, {
        method: request.method ?? 'POST',
        headers: { authorization, 'content-type': contentType },
        body: await text(request),
      });
      const body = await answer.text();
      const token = (JSON.parse(body) as { access_token?: string }).access_token;
      if (token !== undefined) tokens.push(token);
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' }).end(body);
    };
    pass().catch((error: unknown) => response.writeHead(502).end(String(error)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/token`,
    tokens,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
