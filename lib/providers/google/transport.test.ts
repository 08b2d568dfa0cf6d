import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, type FaultInput, startEmulator } from '@/emulators';
import { collect, connectAs } from '@/emulators/testing';
import type { MailActions } from '../provider';
import { emulatorConfig, googleClient } from '.';

const olivia = 'olivia@northwind.example';

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterEach(() => {
  emulator.clearFaults();
  emulator.clearRequests();
});
afterAll(() => emulator.close());

const reason = (code: number, name: string) => ({
  error: { code, message: name, errors: [{ domain: 'global', reason: name, message: name }] },
});

const faults: [name: string, fault: FaultInput, expected: object][] = [
  [
    '429 with seconds',
    { status: 429, headers: { 'retry-after': '3' }, body: {} },
    { kind: 'throttled', failure: { retryAfterSeconds: 3 } },
  ],
  [
    '403 for the rate',
    { status: 403, body: reason(403, 'userRateLimitExceeded') },
    { kind: 'throttled' },
  ],
  [
    '403 for the scopes',
    { status: 403, body: reason(403, 'insufficientPermissions') },
    { kind: 'needs_scopes' },
  ],
  [
    '403 by the domain’s policy',
    { status: 403, body: reason(403, 'domainPolicy') },
    { kind: 'blocked_by_policy' },
  ],
  [
    '403 for an API not switched on',
    { status: 403, body: reason(403, 'accessNotConfigured') },
    { kind: 'app_fault' },
  ],
  ['500', { status: 500, body: reason(500, 'backendError') }, { kind: 'temporarily_unavailable' }],
  ['503 as a page', { status: 503, body: '<html>503</html>' }, { kind: 'temporarily_unavailable' }],
  [
    'a cut connection',
    { reset: true },
    { kind: 'temporarily_unavailable', failure: { status: null } },
  ],
  ['200 with a page', { body: '<html>Sign in</html>' }, { kind: 'invalid_response' }],
  ['200 with nothing', { status: 200, body: '' }, { kind: 'invalid_response' }],
  [
    '200 with JSON of another shape',
    { body: { labels: [{ id: 7 }] } },
    { kind: 'invalid_response' },
  ],
  [
    '200 with JSON cut short',
    { body: '{"labels": [', headers: { 'content-type': 'application/json' } },
    { kind: 'invalid_response' },
  ],
];

describe('a call that meets', () => {
  it.each(faults)('%s is made once and says so', async (_name, fault, expected) => {
    const { client } = await connectAs(emulator, olivia);
    emulator.clearRequests();
    emulator.fault({ path: '*/labels', ...fault });
    await expect(client.mail?.findLabel('x')).rejects.toMatchObject(expected);
    expect(emulator.requests()).toHaveLength(1);
  });

  it('a token that ran out is token_rejected', async () => {
    const { client } = await connectAs(emulator, olivia);
    emulator.expire(olivia);
    await expect(client.mail?.findLabel('x')).rejects.toMatchObject({
      kind: 'token_rejected',
      failure: { status: 401 },
    });
  });

  it('a page that points back at itself is an invalid response', async () => {
    const { client } = await connectAs(emulator, olivia);
    const body = { messages: [{ id: 'a' }], nextPageToken: 'again' };
    emulator.fault({ path: '*/messages', body });
    const mail = client.mail as MailActions;
    await expect(collect(mail.searchMessages({ query: '' }))).rejects.toMatchObject({
      kind: 'invalid_response',
    });
    expect(emulator.requests({ path: '/gmail' })).toHaveLength(2);
  });

  it('silence ends with the transport’s own patience', async () => {
    const { tokens } = await connectAs(emulator, olivia);
    emulator.fault({ path: '*/labels', delay: 60_000 });
    const client = googleClient(emulatorConfig(emulator.url), {
      scopes: [],
      accessToken: async () => tokens.accessToken,
      fetch: (input, init) => fetch(input, { ...init, signal: AbortSignal.timeout(50) }),
    });
    await expect(client.mail?.findLabel('x')).rejects.toMatchObject({
      kind: 'temporarily_unavailable',
      failure: { code: 'TimeoutError' },
    });
  });
});

describe('the transport', () => {
  it('is asked for a token at every call and sees every request', async () => {
    const { tokens } = await connectAs(emulator, olivia);
    let asked = 0;
    const seen: string[] = [];
    const client = googleClient(emulatorConfig(emulator.url), {
      scopes: [],
      accessToken: async () => {
        asked += 1;
        return tokens.accessToken;
      },
      fetch: (input, init) => {
        seen.push(`${init?.method ?? 'GET'} ${new URL(String(input)).pathname}`);
        return fetch(input, init);
      },
    });
    await client.mail?.ensureLabel('Seen');
    expect(seen).toEqual(['GET /gmail/v1/users/me/labels', 'POST /gmail/v1/users/me/labels']);
    expect(asked).toBe(2);
  });

  it('has its own errors handed through', async () => {
    class BudgetSpent extends Error {}
    const client = googleClient(emulatorConfig(emulator.url), {
      scopes: [],
      accessToken: () => Promise.reject(new BudgetSpent('wait')),
      fetch,
    });
    await expect(client.mail?.findLabel('x')).rejects.toBeInstanceOf(BudgetSpent);
  });
});
