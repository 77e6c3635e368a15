/** Core Group schema (RFC 7643 section 4.2). */
export const GROUP_URN = 'urn:ietf:params:scim:schemas:core:2.0:Group';
/** Body of a PATCH request (RFC 7644 section 3.5.2). */
export const PATCH_OP_URN = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
/** Answer to a query (RFC 7644 section 3.4.2). */
export const LIST_RESPONSE_URN = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
/** Error answer (RFC 7644 section 3.12). */
export const ERROR_URN = 'urn:ietf:params:scim:api:messages:2.0:Error';
/** Service provider configuration (RFC 7643 section 5). */
export const SERVICE_PROVIDER_CONFIG_URN = 'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig';

/** Removes the core Group URN in front of an attribute name. RFC 7644 section 3.10 allows both forms, in any case. */
export function withoutGroupUrn(attribute: string): string {
  const prefix = `${GROUP_URN}:`;
  return attribute.toLowerCase().startsWith(prefix.toLowerCase()) ? attribute.slice(prefix.length) : attribute;
}
