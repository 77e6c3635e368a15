// Better Auth with its SCIM plugin on the memory adapter: one connection, one bearer token.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { scim } from '@better-auth/scim';
import { betterAuth } from 'better-auth';
import { memoryAdapter } from 'better-auth/adapters/memory';
import { toNodeHandler } from 'better-auth/node';

// Ends with the process that started it: a killed test run leaves nothing behind.
process.stdin.resume().on('end', () => process.exit(0));

const plugin = scim({
  connections: [{ id: 'interop', credentials: [{ type: 'bearer', id: 'token', token: process.env.PEER_TOKEN }] }],
});
// The memory adapter wants a list for every table before the first request.
const pluginTables = Object.entries(plugin.schema ?? {}).map(([name, table]) => table.modelName ?? name);
const tables = Object.fromEntries(
  ['user', 'session', 'account', 'verification', ...pluginTables].map((name) => [name, []]),
);

const server = createServer();
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const origin = `http://127.0.0.1:${server.address().port}`;
const auth = betterAuth({
  baseURL: origin,
  secret: randomBytes(32).toString('hex'),
  database: memoryAdapter(tables),
  plugins: [plugin],
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  logger: { level: 'error' },
});
const handle = toNodeHandler(auth);
server.on('request', (request, response) => {
  handle(request, response).catch((error) => {
    console.error(error);
    response.destroy();
  });
});
console.log(`READY ${JSON.stringify({ baseUrl: `${origin}/api/auth/scim/v2` })}`);
