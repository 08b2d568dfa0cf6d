import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { acceptRequestId, contentSecurityPolicy, formTargets, responseHeaders } from '.';
import { toastStyleHashes } from './content-security-policy';

const sha256 = (text: string) => `sha256-${createHash('sha256').update(text).digest('base64')}`;
const policy = { nonce: 'bm9uY2U=', development: false, formTargets: [] };
const headers = { ...policy, requestId: 'request-0001', appUrl: 'http://localhost:3000' };

describe('content security policy', () => {
  it('lets scripts in by nonce only', () => {
    const [scripts] = contentSecurityPolicy(policy).match(/script-src [^;]*/) ?? [];
    expect(scripts).toBe("script-src 'self' 'nonce-bm9uY2U=' 'strict-dynamic'");
  });

  it('allows nothing unsafe in production', () => {
    expect(contentSecurityPolicy(policy)).not.toContain('unsafe');
  });

  it('allows what the development server needs in development only', () => {
    const text = contentSecurityPolicy({ ...policy, development: true });
    expect(text).toContain("'unsafe-eval'");
    expect(text).toContain("style-src 'self' 'unsafe-inline'");
    expect(text).toContain("connect-src 'self' ws:");
  });

  it('names each place a form may lead to once', () => {
    const text = contentSecurityPolicy({
      ...policy,
      formTargets: ['https://a.test', 'https://a.test'],
    });
    expect(text).toMatch(/form-action 'self' https:\/\/a\.test;/);
  });

  it('holds the hash of the style sheet that the installed toasts add', () => {
    const source = readFileSync(createRequire(import.meta.url).resolve('sonner'), 'utf8');
    const [, literal] = source.match(/__insertCSS\(("(?:[^"\\]|\\.)*")\);/) ?? [];
    expect(toastStyleHashes).toEqual([sha256(''), sha256(JSON.parse(literal ?? '""'))]);
  });
});

describe('form targets', () => {
  it('is empty when no provider is configured', () => {
    expect(formTargets({})).toEqual([]);
  });

  it("is the provider's own origin without an issuer, and the issuer's with one", () => {
    expect(formTargets({ AUTH_GOOGLE_ID: 'id', GOOGLE_CLIENT_ID: 'id' })).toEqual([
      'https://accounts.google.com',
    ]);
    expect(
      formTargets({
        AUTH_MICROSOFT_ID: 'id',
        AUTH_MICROSOFT_ISSUER: 'https://login.example/tenant/v2.0',
        GOOGLE_EMULATOR_URL: 'http://localhost:4444/base',
      }),
    ).toEqual(['https://login.example', 'http://localhost:4444']);
    expect(formTargets({ MICROSOFT_CLIENT_ID: 'id', SLACK_CLIENT_ID: 'id' })).toEqual([
      'https://login.microsoftonline.com',
      'https://slack.com',
    ]);
  });
});

describe('request id', () => {
  it('keeps a harmless one', () => {
    expect(acceptRequestId('req-2026.11_21')).toBe('req-2026.11_21');
  });

  it.each([
    null,
    '',
    'short',
    'has space in it',
    'new\nline-in-it',
    `<b>${'x'.repeat(9)}`,
    'x'.repeat(129),
    '../../etc/passwd',
  ])('replaces %j', (given) => {
    expect(acceptRequestId(given)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-/);
  });
});

describe('response headers', () => {
  it('asks for https for good only where the address is https', () => {
    expect(responseHeaders(headers)).not.toHaveProperty('strict-transport-security');
    expect(responseHeaders({ ...headers, appUrl: 'https://tenantry.example' })).toMatchObject({
      'strict-transport-security': 'max-age=63072000; includeSubDomains',
    });
  });

  it('gives the request id back', () => {
    expect(responseHeaders(headers)['x-request-id']).toBe('request-0001');
  });
});
