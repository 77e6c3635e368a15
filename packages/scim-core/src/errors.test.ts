import { describe, expect, it } from 'vitest';
import { cleanText, ScimError } from './errors.ts';

describe('ScimError', () => {
  it('says what happened, where, and what to do', () => {
    const error = new ScimError('forbidden', {
      method: 'POST',
      url: 'https://api.example.com/groups',
      status: 403,
      detail: 'no scope',
      reason: 'missing.permissions',
      correlationId: 'c-1',
    });
    expect(error.message).toBe(
      'POST https://api.example.com/groups: status 403 (forbidden): no scope [missing.permissions] (correlation id c-1). Give the OAuth client the scope or permission that the message names, then try again.',
    );
    expect(error.retryable).toBe(false);
  });
});

describe('cleanText', () => {
  it('removes tokens, secrets and line breaks, and bounds the length', () => {
    expect(cleanText('a\r\nBearer abc.def-1 b')).toBe('a Bearer *** b');
    expect(cleanText('{"access_token":"s3cr3t","x":1}')).not.toContain('s3cr3t');
    expect(cleanText('client_secret=s3cr3t&grant_type=x')).not.toContain('s3cr3t');
    expect(cleanText('no dev.lead+x@mail.company.com here')).toBe('no <e-mail> here');
    expect(cleanText('x'.repeat(1000))).toHaveLength(300);
  });

  it('is not slowed down by a large answer', () => {
    // Without a bound this takes minutes: for each letter all after it are looked at for an e-mail address.
    expect(cleanText('x'.repeat(5_000_000))).toHaveLength(300);
  });
});
