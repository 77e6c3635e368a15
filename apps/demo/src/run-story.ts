import { fileURLToPath } from 'node:url';
import { readAuditLog, type AuditRecord } from '@scim-onboarding/audit-log';
import { startProgram } from './child-process.ts';
import type { Stack } from './stack.ts';
import type { Story } from './stories.ts';

const STARTER = fileURLToPath(new URL('../../starter/dist/main.js', import.meta.url));

/** What came of a story. */
export interface StoryResult {
  readonly name: string;
  readonly externalId: string;
  readonly outcome: string;
  readonly groupId: string | null;
  /** Requests that the target and its login server received. */
  readonly requests: number;
  readonly latencyMs: number;
  /** Type of the failure, if it was refused. */
  readonly failure?: string;
}

/** Onboards the story's group by the `onboard` command, and reads what the simulator and the audit log have of it. */
export async function runStory(story: Story, stack: Stack, onLine: (line: string) => void): Promise<StoryResult> {
  const before = stack.simulator.requests().length;
  story.arrange(stack.simulator);
  const lines: string[] = [];
  const starter = startProgram(STARTER, {
    args: ['start', '-', '--wait', '--on-failure', 'fail'],
    env: stack.env,
    cwd: stack.folder,
    input: JSON.stringify(story.definition),
    onLine: (line) => {
      lines.push(line);
      onLine(line);
    },
  });
  const code = await starter.ended;
  const requests = stack.simulator
    .requests()
    .slice(before)
    .filter(({ path }) => !path.startsWith('/hris/'));
  const record = await newestRecord(stack.auditFile, story.definition.externalId);
  if (record === undefined)
    throw new Error(`The story "${story.name}" left no audit record; onboard ended with ${code}:\n${lines.join('\n')}`);
  return {
    name: story.name,
    externalId: story.definition.externalId,
    outcome: record.outcome,
    groupId: record.groupId ?? null,
    requests: requests.length,
    latencyMs: record.latencyMs,
    ...(record.failure === undefined ? {} : { failure: record.failure.type }),
  };
}

async function newestRecord(file: string, externalId: string): Promise<AuditRecord | undefined> {
  let newest: AuditRecord | undefined;
  for await (const record of readAuditLog(file)) if (record.externalId === externalId) newest = record;
  return newest;
}
