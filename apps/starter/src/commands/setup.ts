import { SEARCH_ATTRIBUTE_TYPES } from '@scim-onboarding/onboarding-contract';
import { ensureSearchAttributes } from '@scim-onboarding/temporal-connection';
import { withTemporal, type Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';

/** `onboard setup`: registers the search attributes in the namespace. May run again. */
export async function setup({ output, env }: Context): Promise<ExitCode> {
  return withTemporal(env, async ({ connection, namespace, address }) => {
    const { created, existing } = await ensureSearchAttributes(connection, namespace, SEARCH_ATTRIBUTE_TYPES);
    output.line(`✓ search attributes of namespace ${namespace} at ${address}`);
    if (created.length > 0) output.line(`  created: ${created.join(', ')}`);
    if (existing.length > 0) output.line(`  there already: ${existing.join(', ')}`);
    output.json({ address, namespace, created, existing });
    return EXIT.done;
  });
}
