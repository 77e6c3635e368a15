/** SCIM and Genesys knowledge without I/O. What opens a connection is in `@scim-onboarding/scim-core/client`. */
export { GROUP_SCHEMA, LIST_RESPONSE, PATCH_OP, SCIM_MEDIA_TYPE } from './urns.ts';
export { formatIssues, jsonPath, type IssueCode, type ValidationIssue } from './issues.ts';
export { DEFAULT_NAME_PATTERN, DEFAULT_RULES, INPUT_LIMITS, type GroupRules } from './rules.ts';
export {
  dropDuplicates,
  groupDefinitionSchema,
  parseGroupDefinition,
  type GroupDefinition,
  type MemberDefinition,
  type ParsedDefinition,
} from './group-definition.ts';
export { groupPayload, type GroupPayload, type MemberReference } from './payload.ts';
export { filterIsFragile, groupFilter, type GroupFilterAttribute, type GroupFilterOperator } from './filter.ts';
export type { PatchOperation, PatchRequest } from './patch.ts';
export { isEmptyChange, patchRequest, planChange, type ChangeScope, type GroupChange } from './group-change.ts';
export { readGroup, readGroupPage, type GroupPage, type GroupResource } from './group-resource.ts';
export { MAX_RETRY_AFTER_MS, parseRetryAfter } from './retry-after.ts';
export { cleanText, isScimError, SCIM_ERRORS, ScimError, type ScimErrorCode, type ScimErrorFacts } from './errors.ts';
export { NO_ROLE_POLICY, rolePolicySchema, type RolePolicy } from './role-policy.ts';
export { checkHierarchy, checkRoles, type HierarchyFacts } from './hierarchy.ts';
