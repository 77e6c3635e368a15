import { describe, expect, it } from 'vitest';
import { pathTemplate } from './path-template.ts';

const ID = 'a1b2c3d4-e5f6-7890-abcd-ef1234567890';

describe('pathTemplate', () => {
  it.each([
    ['/oauth/token', '/oauth/token'],
    ['/api/v2/users/scim/groups?filter=displayName%20eq%20%22Team%22', '/api/v2/users/scim/groups'],
    [`/api/v2/users/scim/groups/${ID}`, '/api/v2/users/scim/groups/{id}'],
    [`/api/v2/groups/${ID}/members`, '/api/v2/groups/{id}/members'],
    ['/api/v2/groups/search', '/api/v2/groups/search'],
    [`/api/v2/users?id=${ID}`, '/api/v2/users'],
    ['/scim/v2/Users/bjensen', '/scim/v2/Users/{id}'],
    ['/scim/v2/Groups/editors', '/scim/v2/Groups/{id}'],
    ['/scim/v2/Users/.search', '/scim/v2/Users/.search'],
    ['/scim/v2/Users/dev.lead@company.com', '/scim/v2/Users/{id}'],
    ['/tenants/4711/scim/ServiceProviderConfig', '/tenants/{id}/scim/ServiceProviderConfig'],
    ['/scim/v2/Things/J%C3%B6rg', '/scim/v2/Things/{id}'],
    ['/', '/'],
  ])('%s → %s', (path, template) => {
    expect(pathTemplate(new URL(path, 'https://api.example.com'))).toBe(template);
  });
});
