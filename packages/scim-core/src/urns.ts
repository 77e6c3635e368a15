/** Schema and message URNs of SCIM 2.0 (RFC 7643 section 10.3, RFC 7644 section 8.2). */
export const GROUP_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const LIST_RESPONSE = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
export const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

/** The media type of SCIM requests and answers (RFC 7644 section 3.1). */
export const SCIM_MEDIA_TYPE = 'application/scim+json';
