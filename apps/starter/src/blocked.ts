import type { BlockedReport } from '@scim-onboarding/onboarding-contract';
import { indented } from './indent.ts';
import { shellWord } from './shell-word.ts';

/** The commands that decide about a blocked run, and what each does. */
export function resolveCommands(workflowId: string, blocked: BlockedReport): { command: string; does: string }[] {
  const command = `onboard resolve ${shellWord(workflowId)}`;
  const all = {
    retry: [
      { command: `${command} --retry`, does: 'try again, once the cause is gone' },
      { command: `${command} --retry --definition amended.json`, does: 'try again with a corrected definition' },
      ...(blocked.type === 'RemovalsHeld'
        ? [
            {
              command: `${command} --retry --allow-removals`,
              does: 'remove as many members as the definition asks for',
            },
          ]
        : []),
    ],
    skip: [{ command: `${command} --skip`, does: `go on without ${blocked.step}` }],
    adopt: [{ command: `${command} --adopt <groupId>`, does: 'take that group over' }],
    abort: [
      { command: `${command} --abort`, does: 'give up; what was written stays' },
      { command: `${command} --abort --compensate`, does: 'give up, and delete the group if this run created it' },
    ],
  } as const;
  return blocked.allowed.flatMap((action) => [...all[action]]);
}

/** What a person reads about a blocked run: what happened, what to do, and the commands. */
export function blockedLines(workflowId: string, blocked: BlockedReport): string[] {
  const { step, type, message, hint, correlationId, since, until } = blocked;
  const correlation = correlationId === undefined ? '' : ` (correlation id ${correlationId})`;
  return [
    `! blocked at ${step} since ${since}: ${type}: ${indented(message, 4)}${correlation}`,
    ...(hint === undefined ? [] : [`  → ${hint}`]),
    `  It ends as failed at ${until}, unless somebody decides:`,
    ...commandLines(resolveCommands(workflowId, blocked)),
  ];
}

/** Commands, one a line, with what they do. */
export function commandLines(commands: readonly { readonly command: string; readonly does: string }[]): string[] {
  const width = Math.max(0, ...commands.map(({ command }) => command.length));
  return commands.map(({ command, does }) => `    ${command.padEnd(width)}  # ${does}`);
}
