import { fileURLToPath } from 'node:url';
import { poll } from '../poll.ts';

await poll(
  { workflowsPath: fileURLToPath(new URL('./workflows.js', import.meta.url)) },
  { empty: () => Promise.resolve() },
);
