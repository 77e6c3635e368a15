import { PLATFORM_CAPABILITIES } from './platform-target.ts';
import { SCIM_PROFILE_NAMES, SCIM_PROFILES, type MemberCheck } from './profiles.ts';
import { scimAbilities } from './scim-capabilities.ts';
import type { TargetCapabilities } from './target.ts';

/** One thing that a target can or cannot do, in words. */
export interface CapabilityRow {
  readonly capability: string;
  readonly value: string;
}

/** A target as documentation has it. */
export interface DescribedTarget {
  /** How it is set. */
  readonly setting: string;
  readonly title: string;
  readonly capabilities: TargetCapabilities;
  readonly memberCheck: MemberCheck;
  /** True if `/ServiceProviderConfig` may make the limits smaller. */
  readonly discovers: boolean;
  readonly source: string;
}

/** All targets that this package knows. */
export const CAPABILITY_TABLE: readonly DescribedTarget[] = [
  ...SCIM_PROFILE_NAMES.map((name): DescribedTarget => {
    const profile = SCIM_PROFILES[name];
    const groups = name === 'genesys-scim' ? '<API><SCIM_BASE_PATH>/groups' : '<SCIM_BASE_URL>/Groups';
    return {
      setting: `scim, profile ${name}`,
      title: profile.title,
      capabilities: scimAbilities(profile, {}, groups).capabilities,
      memberCheck: profile.memberCheck,
      discovers: profile.discovers,
      source: profile.source,
    };
  }),
  {
    setting: 'platform',
    title: 'Genesys Cloud, published API',
    capabilities: PLATFORM_CAPABILITIES,
    memberCheck: 'genesys-users',
    discovers: false,
    source:
      'the published contracts of `/api/v2/scim` and `/api/v2/groups`; 50 members is the limit of the Groups API, none is published for SCIM',
  },
];

/** The capabilities of a target in words, for a log or a command. */
export function describeCapabilities(capabilities: TargetCapabilities): CapabilityRow[] {
  const { extensions, nameRule } = capabilities;
  return [
    ['Creates a group by', capabilities.createdBy],
    ['Looks up by externalId', capabilities.findsByExternalId ? 'by filter' : 'by name, then by the whole list'],
    ['Looks up by prefix', capabilities.findsByPrefix ? 'by filter' : 'by the whole list'],
    ['Members in one request', String(capabilities.membersPerRequest)],
    [
      'Members in the create request',
      capabilities.membersOnCreate === 0 ? 'none' : String(capabilities.membersOnCreate),
    ],
    ['externalId in the create request', yesNo(capabilities.externalIdOnCreate)],
    ['Returns members', yesNo(capabilities.returnsMembers)],
    ['Checks versions (If-Match)', yesNo(capabilities.checksVersion)],
    ['Deletes groups', yesNo(capabilities.deletes)],
    ['Groups in one page', String(capabilities.pageSize)],
    ['Names', nameRule ?? 'no rule is known beyond our own'],
    [
      'Extensions',
      extensions === 'all' ? 'sent as they are' : extensions.length === 0 ? 'not sent' : extensions.join(', '),
    ],
  ].map(([capability = '', value = '']) => ({ capability, value }));
}

/** `docs/targets.md`, made of {@link CAPABILITY_TABLE}. */
export function targetsDocument(): string {
  const columns = CAPABILITY_TABLE.map((target) => describeTarget(target));
  const names = columns[0]?.map((row) => row.capability) ?? [];
  return [
    '# Targets',
    '',
    'What each target can do. Steps of an onboarding go by this table and by nothing else that they know of a target.',
    '`GENESYS_GROUPS_API` and `SCIM_PROFILE` choose; with `auto` one GET on the SCIM groups path decides: 404 means `platform`.',
    '',
    tableRow(['', ...CAPABILITY_TABLE.map((target) => target.title)]),
    tableRow(['---', ...CAPABILITY_TABLE.map(() => '---')]),
    ...names.map((name, index) => tableRow([name, ...columns.map((rows) => rows[index]?.value ?? '')])),
    '',
    '## What platform costs',
    '',
    'A look-up by name is one request, and one more for each group of that name. A look-up by externalId starts with the name; where',
    'that does not give it, the whole list is read, because a group may have been renamed: one request for every 25 groups, since the',
    'vendor answers larger pages that hold externalId with 429. A create is one request; externalId and members follow by SCIM PATCH,',
    '50 members at a time. A rename is one GET and one PUT of the Groups API: `displayName` is read-only in SCIM there.',
    '',
    '## Where the limits come from',
    '',
    ...CAPABILITY_TABLE.map((target) => `- **${target.title}**: ${target.source}.`),
    '',
  ].join('\n');
}

function describeTarget(target: DescribedTarget): CapabilityRow[] {
  return [
    { capability: 'Set by', value: target.setting },
    ...describeCapabilities(target.capabilities),
    { capability: 'Existence of members', value: MEMBER_CHECKS[target.memberCheck] },
    {
      capability: 'Reads /ServiceProviderConfig',
      value: target.discovers ? 'yes: it may lower limits, and turns version checks on' : 'no',
    },
  ];
}

const MEMBER_CHECKS: Readonly<Record<MemberCheck, string>> = {
  'genesys-users': '`GET /api/v2/users?id=…`, 100 at a time',
  'scim-users': '`GET /Users?filter=id eq … or …`, 50 at a time; else one by one',
  'scim-users-by-id': '`GET /Users/{id}`, one by one',
  none: 'not checked',
};

function yesNo(value: boolean): string {
  return value ? 'yes' : 'no';
}

function tableRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('<', '&lt;')).join(' | ')} |`;
}
