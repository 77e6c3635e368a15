import { describe, expect, it } from 'vitest';
import { estimatePlan } from './estimate.ts';

describe('estimatePlan', () => {
  const make = (action: 'create' | 'update' | 'unchanged' | 'held', add: number, remove = 0) => ({
    action,
    add,
    remove,
  });
  const all = [make('create', 151), make('update', 51, 1), make('update', 0), make('unchanged', 0), make('held', 99)];

  it('counts creates, chunks of members and users, and nothing for groups that are left alone', () => {
    const target = { membersOnCreate: 100, membersPerRequest: 50, externalIdOnCreate: true };
    expect(estimatePlan({ groups: all, users: 151, target, requestsPerMinute: 60 })).toEqual({
      requests: 3 + 3 + 1 + 2,
      seconds: 9,
    });
  });

  it('counts the request that sets the externalId, where the create request cannot', () => {
    const target = { membersOnCreate: 0, membersPerRequest: 50, externalIdOnCreate: false };
    const groups = [make('create', 100), make('create', 0)];
    expect(estimatePlan({ groups, users: 100, target, requestsPerMinute: 300 }).requests).toBe(3 + 2 + 1);
  });
});
