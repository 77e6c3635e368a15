import { packDefinition, unpackDefinition, type WireDefinition } from '@scim-onboarding/onboarding-contract';
import type { Payload, PayloadCodec } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { decryptHistory } from './decrypt-history.ts';
import { redactHistory } from './redact-history.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const payload = (value: unknown) => ({
  metadata: { encoding: base64('json/plain') },
  data: base64(JSON.stringify(value)),
});
const valueOf = ({ data }: { data: string }): unknown => JSON.parse(Buffer.from(data, 'base64').toString());

const definition = {
  externalId: 'g1',
  displayName: 'Team_A',
  description: 'of Ann',
  members: [{ id: 'user-17', email: 'ann@example.com' }, { id: 'odd id' }],
  extensions: { 'urn:example:x': { owner: 'Ann', level: 3 } },
};

/** The history of one event, redacted. */
function redacted(event: object): { events: unknown[] } {
  return JSON.parse(redactHistory(JSON.stringify({ events: [start(definition), event] }))) as { events: unknown[] };
}

function start(wire: unknown) {
  return {
    workflowExecutionStartedEventAttributes: {
      input: { payloads: [payload({ tenant: 't', definition: wire, duplicatesDropped: 0 })] },
      identity: '12@ann-laptop',
      memo: { fields: { requestedBy: payload('Ann'), definitionDigest: payload('abc') } },
    },
    userMetadata: { summary: payload('Onboard Team_A'), details: payload('Requested by Ann') },
  };
}

describe('redactHistory', () => {
  it('keeps groups, shapes and counts; replaces people', () => {
    const [event] = JSON.parse(redactHistory(JSON.stringify({ events: [start(definition)] }))).events;
    const attributes = event.workflowExecutionStartedEventAttributes;
    expect(valueOf(attributes.input.payloads[0])).toEqual({
      tenant: 't',
      duplicatesDropped: 0,
      definition: {
        externalId: 'g1',
        displayName: 'Team_A',
        description: expect.stringMatching(/^redacted-/u),
        members: [{ id: expect.stringMatching(/^redacted-/u) }, { id: expect.stringMatching(/^redacted-/u) }],
        extensions: { 'urn:example:x': { owner: expect.stringMatching(/^redacted-/u), level: 3 } },
      },
    });
    expect(attributes.identity).toMatch(/^redacted-/u);
    expect(valueOf(attributes.memo.fields.requestedBy)).toMatch(/^redacted-/u);
    expect(valueOf(attributes.memo.fields.definitionDigest)).toBe('abc');
    expect(valueOf(event.userMetadata.summary)).toBe('Onboard Team_A');
    expect(valueOf(event.userMetadata.details)).toBe('redacted');
  });

  it('keeps the number of packed members', () => {
    const members = Array.from({ length: 3_000 }, (_, index) => ({ id: `user-${index}-${'x'.repeat(30)}` }));
    const packed = packDefinition({ ...definition, members });
    expect(packed.members).toHaveProperty('gzip');
    const [event] = JSON.parse(redactHistory(JSON.stringify({ events: [start(packed)] }))).events;
    const [input] = event.workflowExecutionStartedEventAttributes.input.payloads;
    const wire = (valueOf(input) as { definition: WireDefinition }).definition;
    const ids = unpackDefinition(wire).members.map(({ id }) => id);
    expect(ids).toHaveLength(3_000);
    expect(new Set(ids).size).toBe(3_000);
    expect(ids.join()).not.toContain('user-');
  });

  it('replaces member ids and addresses wherever they stand', () => {
    const { events } = redacted({
      activityTaskCompletedEventAttributes: {
        result: { payloads: [payload({ missingIds: ['user-17', 'odd id'], existing: 'group-17' })] },
      },
      activityTaskFailedEventAttributes: {
        failure: {
          message: 'PATCH: user-17, "odd id" and bob@example.org are unknown, user-170 is not',
          stackTrace: 'at Ann (/home/ann/x.ts)',
          applicationFailureInfo: { type: 'RequestRefused', details: { payloads: [payload({ hint: 'ask user-17' })] } },
        },
      },
    });
    const text = JSON.stringify(events[1]).replace(/"data":"([^"]*)"/gu, (_match, data: string) =>
      Buffer.from(data, 'base64').toString(),
    );
    for (const gone of ['user-17,', 'user-17"', 'odd id', 'bob@', '/home/ann']) expect(text).not.toContain(gone);
    for (const kept of ['user-170 is not', 'group-17', 'RequestRefused']) expect(text).toContain(kept);
  });

  it('gives equal values equal digests, so that results still fit the members', () => {
    const { events } = redacted({ x: { payloads: [payload({ missingIds: ['user-17'] })] } });
    const text = JSON.stringify(events).replace(/"data":"([^"]*)"/gu, (_match, data: string) =>
      Buffer.from(data, 'base64').toString(),
    );
    const [member, missing] = [/"members":\[\{"id":"([^"]+)"/u, /"missingIds":\["([^"]+)"/u].map(
      (pattern) => pattern.exec(text)?.[1],
    );
    expect(missing).toBe(member);
  });

  it('leaves encrypted payloads as they are', () => {
    const encrypted = { metadata: { encoding: base64('binary/encrypted') }, data: base64('user-17') };
    const { events } = redacted({ activityTaskCompletedEventAttributes: { result: { payloads: [encrypted] } } });
    expect(JSON.stringify(events[1])).toContain(encrypted.data);
  });

  it('sees what is encrypted, when it is decrypted first', async () => {
    const reverse = (data: Uint8Array): Uint8Array => Uint8Array.from(data).reverse();
    const encoding = Buffer.from('binary/reversed');
    const codec: PayloadCodec = {
      encode: async (payloads) =>
        payloads.map((each) => ({ metadata: { encoding }, data: reverse(Buffer.from(JSON.stringify(toJson(each)))) })),
      decode: async (payloads) =>
        payloads.map((each) => fromJson(Buffer.from(reverse(each.data ?? encoding)).toString())),
    };
    const hide = async (value: unknown) =>
      toJson((await codec.encode([fromJson(JSON.stringify(payload(value)))]))[0] ?? {});
    const failure = {
      message: 'Encoded failure',
      stackTrace: '',
      encodedAttributes: await hide({ message: 'user-17 is gone', stack_trace: 'at Ann' }),
      cause: { message: 'plain' },
    };
    const events = [{ input: { payloads: [await hide({ definition })] }, failure }];
    const json = await decryptHistory(JSON.stringify({ events }), [codec]);
    expect(JSON.parse(json).events[0].failure).toEqual({
      message: 'user-17 is gone',
      stackTrace: 'at Ann',
      cause: { message: 'plain' },
    });
    expect(valueOf(JSON.parse(json).events[0].input.payloads[0])).toEqual({ definition });
    const clean = JSON.parse(redactHistory(json)).events[0];
    expect(clean.failure).toMatchObject({ message: expect.stringMatching(/^redacted-\w+ is gone$/u), stackTrace: '' });
    expect(await decryptHistory('{"events":[]}', [])).toBe('{"events":[]}');
  });
});

const toJson = ({ metadata, data }: Payload) => ({
  metadata: Object.fromEntries(
    Object.entries(metadata ?? {}).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
  ),
  data: Buffer.from(data ?? []).toString('base64'),
});
const fromJson = (json: string): Payload => {
  const { metadata, data } = JSON.parse(json) as ReturnType<typeof toJson>;
  const bytes = Object.entries(metadata).map(([key, value]) => [key, Buffer.from(value, 'base64')]);
  return { metadata: Object.fromEntries(bytes) as Record<string, Uint8Array>, data: Buffer.from(data, 'base64') };
};
