import { checkedDefinition, resolveWorkflowId, type CheckedDefinition } from '@scim-onboarding/onboarding-client';
import { definitionDigest } from '@scim-onboarding/onboarding-contract';
import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { readDefinition } from '../read-definition.ts';

/** `onboard validate <file|->`: checks a definition without a server. */
export async function validate({ output, settings, stdin }: Context, file: string): Promise<ExitCode> {
  const { definition, duplicatesDropped }: CheckedDefinition = checkedDefinition(
    await readDefinition(file, stdin),
    settings.rules,
  );
  const workflowId = resolveWorkflowId(definition.externalId, settings.tenant);
  const members = definition.members.length;
  output.line(
    `✓ ${file === '-' ? '(stdin)' : file} is a valid group definition: "${definition.displayName}", ${members} ${members === 1 ? 'member' : 'members'}`,
  );
  if (duplicatesDropped > 0)
    output.line(`! ${duplicatesDropped} members stand in it more than once; the first of each counts`);
  output.json({
    valid: true,
    externalId: definition.externalId,
    displayName: definition.displayName,
    members,
    duplicatesDropped,
    digest: definitionDigest(definition),
    workflowId,
  });
  return EXIT.done;
}
