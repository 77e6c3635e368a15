/**
 * Runs a command to its end. An error goes to stderr with the usage, and makes the exit code 1. Programs that were started are killed at the
 * exit, which a signal alone would skip.
 */
export async function runCommand(name: string, usage: string, command: () => Promise<void>): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  try {
    await command();
  } catch (error) {
    process.stderr.write(`${name}: ${error instanceof Error ? error.message : String(error)}\n${usage}\n`);
    process.exitCode = 1;
  }
}
