import * as z from 'zod';
import { isScimError } from '../errors.ts';
import type { Requests } from './requests.ts';

/** What a SCIM server says of itself (RFC 7643 section 5); undefined where it does not say. */
export interface ServiceProviderConfig {
  readonly patch?: boolean;
  readonly etag?: boolean;
  readonly filter?: boolean;
  /** Resources in one page at most. */
  readonly maxResults?: number;
  /** Operations in one bulk request at most; 0 or undefined if there is no bulk. */
  readonly maxOperations?: number;
}

const limit = z.number().int().nonnegative().optional().catch(undefined);
const feature = z
  .object({ supported: z.boolean().optional().catch(undefined) })
  .optional()
  .catch(undefined);

const configSchema = z.object({
  patch: feature,
  etag: feature,
  filter: z
    .object({ supported: z.boolean().optional().catch(undefined), maxResults: limit })
    .optional()
    .catch(undefined),
  bulk: z
    .object({ supported: z.boolean().optional().catch(undefined), maxOperations: limit })
    .optional()
    .catch(undefined),
});

/**
 * Reads `/ServiceProviderConfig` (RFC 7644 section 4). A server that does not have it says nothing of itself.
 *
 * @throws {ScimError} for whatever else the server answers: a guess made of a failure would last for the process
 */
export async function discover(requests: Requests, url: string): Promise<ServiceProviderConfig> {
  const body = await requests
    .getJson(url)
    .then((answer) => answer.body)
    .catch((error: unknown) => {
      if (isScimError(error, 'not_found', 'request_refused', 'forbidden')) return {};
      throw error;
    });
  const parsed = configSchema.safeParse(body).data;
  return {
    ...defined('patch', parsed?.patch?.supported),
    ...defined('etag', parsed?.etag?.supported),
    ...defined('filter', parsed?.filter?.supported),
    ...defined('maxResults', parsed?.filter?.maxResults),
    ...defined('maxOperations', parsed?.bulk?.supported === true ? parsed.bulk.maxOperations : undefined),
  };
}

function defined<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: V });
}
