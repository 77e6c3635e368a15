import { describe, expect, it } from 'vitest';
import { groupPayload } from './payload.ts';

const USERS = 'https://api.example.com/api/v2/users';
const urn = 'urn:example:scim:hr:2.0:Group';

describe('groupPayload', () => {
  it('is what the contract asks for', () => {
    const payload = groupPayload(
      { externalId: 'hris_1', displayName: 'Team_A', members: [{ id: 'u1', email: 'a@example.com' }, { id: 'u 2' }] },
      USERS,
    );
    expect(payload).toEqual({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
      displayName: 'Team_A',
      externalId: 'hris_1',
      members: [
        { value: 'u1', $ref: `${USERS}/u1`, display: 'a@example.com' },
        { value: 'u 2', $ref: `${USERS}/u%202` },
      ],
      meta: { resourceType: 'Group' },
    });
  });

  it('names an extension only where it has data', () => {
    const definition = {
      externalId: 'e',
      displayName: 'n',
      members: [],
      extensions: { [urn]: { a: 1 }, 'urn:example:empty': {} },
    };
    const payload = groupPayload(definition, USERS);
    expect(payload.schemas).toEqual(['urn:ietf:params:scim:schemas:core:2.0:Group', urn]);
    expect(payload[urn]).toEqual({ a: 1 });
    expect('urn:example:empty' in payload).toBe(false);
  });

  it('sends a member once', () => {
    const payload = groupPayload(
      { externalId: 'e', displayName: 'n', members: [{ id: 'u1' }, { id: 'u2' }, { id: 'u1' }] },
      USERS,
    );
    expect(payload.members.map((member) => member.value)).toEqual(['u1', 'u2']);
  });
});
