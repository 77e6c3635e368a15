import { chmod, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A program that answers `--version` as the Temporal CLI does, and to all else with `body`. */
export async function writeProgram(path: string, body = 'echo "temporal version 0.0.0 (fake)"'): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `#!/bin/sh\n${body}\n`);
  await chmod(path, 0o755);
  return path;
}

export function temporaryFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'temporal-connection-'));
}

/** Serves one answer over HTTP on the loopback interface; keeps the paths that were asked for. */
export async function serveOnce(
  status: number,
  body: Buffer,
): Promise<{ url: string; asked: string[]; server: Server }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(status, { connection: 'close' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return { url: `http://127.0.0.1:${address.port}`, asked, server };
}
