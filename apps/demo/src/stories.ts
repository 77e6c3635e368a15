import { readFileSync } from 'node:fs';
import type { Simulator } from '@scim-onboarding/genesys-simulator';
import { parseGroupDefinition, type GroupDefinition } from '@scim-onboarding/scim-core';

/** One onboarding of the demo, and what makes it hard. */
export interface Story {
  readonly name: string;
  /** What happens, in a sentence. */
  readonly tells: string;
  readonly definition: GroupDefinition;
  /** Sets the simulator up for it. Create requests are known by the name: it is in those of both APIs. */
  arrange(simulator: Simulator): void;
}

const example = readDefinition(new URL('../../../examples/engineering-team-alpha.json', import.meta.url));

export const stories: readonly Story[] = [
  {
    name: 'fresh',
    tells: 'a new group is created, read back, told to the HRIS, and recorded',
    definition: example,
    arrange: () => undefined,
  },
  {
    name: 'concurrent-creator',
    tells:
      'another client creates the same group a moment before us; the target refuses ours, theirs is found by externalId and adopted',
    definition: team('Support_Team_Beta', 'hris_grp_8843'),
    arrange(simulator) {
      simulator.addFault({
        kind: 'create-first',
        match: { method: 'POST', bodyIncludes: '"Support_Team_Beta"' },
        group: {
          displayName: 'Support_Team_Beta',
          externalId: 'hris_grp_8843',
          members: example.members.slice(0, 1).map((member) => member.id),
        },
      });
    },
  },
  {
    name: 'throttled',
    tells: 'three answers of 429 with Retry-After in both forms; each is waited for',
    definition: team('Sales_Team_Gamma', 'hris_grp_8844'),
    arrange(simulator) {
      for (const form of ['seconds', 'http-date', 'seconds'] as const) {
        simulator.addFault({
          kind: 'rate-limited',
          match: { method: 'POST', bodyIncludes: '"Sales_Team_Gamma"' },
          retryAfterSeconds: 1,
          form,
        });
      }
    },
  },
  {
    name: 'cut-after-commit',
    tells: 'the group is created, but the connection is cut before the answer; it is looked up, not created again',
    definition: team('Platform_Team_Delta', 'hris_grp_8845'),
    arrange(simulator) {
      simulator.addFault({
        kind: 'drop-after-commit',
        match: { method: 'POST', bodyIncludes: '"Platform_Team_Delta"' },
      });
    },
  },
  {
    name: 'refused',
    tells: 'the name belongs to a group of another externalId; nothing is written',
    definition: team('Finance_Team_Epsilon', 'hris_grp_8846'),
    arrange(simulator) {
      simulator.addGroup({ displayName: 'Finance_Team_Epsilon', externalId: 'hris_grp_1207' });
    },
  },
];

function team(displayName: string, externalId: string): GroupDefinition {
  return { externalId, displayName, members: example.members };
}

function readDefinition(file: URL): GroupDefinition {
  const parsed = parseGroupDefinition(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.ok)
    throw new Error(`${file.pathname}: ${parsed.issues.map((issue) => `${issue.path} ${issue.message}`).join('; ')}`);
  return parsed.definition;
}
