import type { Seed } from './seed.ts';

/** A small organization for demos and tests: twelve users, three groups. */
export const demoSeed: Seed = {
  users: [
    { id: 'a1b2c3d4-e5f6-7890-abcd-ef1234567890', name: 'Dev Lead', email: 'dev.lead@company.com' },
    { id: 'b2c3d4e5-f6a7-8901-bcde-f12345678901', name: 'Backend Dev', email: 'backend.dev@company.com' },
    { id: 'c3d4e5f6-a7b8-4012-8def-123456789012', name: 'Frontend Dev', email: 'frontend.dev@company.com' },
    { id: 'd4e5f6a7-b8c9-4123-8ef0-234567890123', name: 'Site Reliability', email: 'sre@company.com' },
    { id: 'e5f6a7b8-c9d0-4234-8f01-345678901234', name: 'Data Analyst', email: 'data.analyst@company.com' },
    { id: 'f6a7b8c9-d0e1-4345-8012-456789012345', name: 'Product Owner', email: 'product.owner@company.com' },
    { id: '07b8c9d0-e1f2-4456-8123-567890123456', name: 'Support Lead', email: 'support.lead@company.com' },
    { id: '18c9d0e1-f203-4567-8234-678901234567', name: 'Support Agent', email: 'support.agent@company.com' },
    { id: '29d0e1f2-0314-4678-8345-789012345678', name: 'Sales Manager', email: 'sales.manager@company.com' },
    { id: '3ae1f203-1425-4789-8456-890123456789', name: 'Sales Agent', email: 'sales.agent@company.com' },
    { id: '4bf20314-2536-489a-8567-901234567890', name: 'People Partner', email: 'people.partner@company.com' },
    { id: '5c031425-3647-49ab-8678-012345678901', name: 'Security Officer', email: 'security.officer@company.com' },
  ],
  groups: [
    {
      id: '7d142536-4758-4abc-8789-123456789abc',
      displayName: 'Customer Support',
      externalId: 'hris-support',
      members: ['07b8c9d0-e1f2-4456-8123-567890123456', '18c9d0e1-f203-4567-8234-678901234567'],
    },
    {
      id: '8e253647-5869-4bcd-889a-23456789abcd',
      displayName: 'Sales EMEA',
      externalId: 'hris-sales-emea',
      members: ['29d0e1f2-0314-4678-8345-789012345678', '3ae1f203-1425-4789-8456-890123456789'],
    },
    // Made by hand in the admin UI: no externalId, so an onboarding has to decide whether to adopt it.
    {
      id: '9f364758-697a-4cde-89ab-3456789abcde',
      displayName: 'Security Champions',
      members: ['5c031425-3647-49ab-8678-012345678901'],
    },
  ],
};
