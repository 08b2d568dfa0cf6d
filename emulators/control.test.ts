import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from './index';
import { connectAs, refreshTokenOf } from './testing';

const olivia = 'olivia@northwind.example';
const victor = 'victor@northwind.example';

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterEach(() => {
  emulator.clearFaults();
  emulator.clearRequests();
});
afterAll(() => emulator.close());

function ask(method: string, path: string, body?: unknown): Promise<Response> {
  return fetch(new URL(path, emulator.url), {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

const labels = (token: string) =>
  fetch(new URL('/gmail/v1/users/me/labels', emulator.url), {
    headers: { authorization: `Bearer ${token}` },
  });

it('ends no idle connection, which a client that was held up might be writing to', async () => {
  const { headers } = await ask('GET', '/__faults');
  expect([headers.get('connection'), headers.get('keep-alive')]).toEqual(['keep-alive', null]);
});

describe('a fault', () => {
  it('hits the account, path and number of requests it names, after those it lets through', async () => {
    const [one, other] = await Promise.all([
      connectAs(emulator, olivia),
      connectAs(emulator, victor),
    ]);
    const fault = { account: olivia, path: '/gmail/*', skip: 1, times: 2, status: 503, body: {} };
    expect((await ask('POST', '/__faults', [fault])).status).toBe(200);
    const statuses = async (token: string) => {
      const seen: number[] = [];
      for (let count = 0; count < 4; count += 1) seen.push((await labels(token)).status);
      return seen;
    };
    expect(await statuses(other.tokens.accessToken)).toEqual([200, 200, 200, 200]);
    expect(await statuses(one.tokens.accessToken)).toEqual([200, 503, 503, 200]);
    expect(await (await ask('GET', '/__faults')).json()).toMatchObject([{ fired: 2 }]);
  });

  it('is gone once cleared', async () => {
    const { tokens } = await connectAs(emulator, olivia);
    await ask('POST', '/__faults', { reset: true });
    await expect(labels(tokens.accessToken)).rejects.toThrow();
    await ask('DELETE', '/__faults');
    expect((await labels(tokens.accessToken)).status).toBe(200);
  });

  it('delays until it is cleared, at the longest', async () => {
    const { tokens } = await connectAs(emulator, olivia);
    emulator.fault({ path: '/gmail/*', delay: 600_000, times: 1 });
    const held = labels(tokens.accessToken);
    await expect.poll(async () => (await (await ask('GET', '/__faults')).json())[0]?.fired).toBe(1);
    emulator.clearFaults();
    expect((await held).status).toBe(200);
  });

  it('only delays when it says nothing else', async () => {
    const { tokens } = await connectAs(emulator, olivia);
    emulator.fault({ path: '/gmail/*', delay: 80 });
    expect((await labels(tokens.accessToken)).status).toBe(200);
    expect(emulator.requests({ path: '/gmail' })[0]?.duration).toBeGreaterThanOrEqual(79);
  });

  it('that makes no sense is refused', async () => {
    const response = await ask('POST', '/__faults', { stauts: 500 });
    expect(response.status).toBe(400);
  });
});

describe('the request log', () => {
  it('names who asked for what and how it went, and no token', async () => {
    const { tokens } = await connectAs(emulator, olivia);
    await labels(tokens.accessToken);
    await labels('nobody');
    const log = await ask('GET', '/__requests?path=/gmail');
    const text = await log.text();
    expect(JSON.parse(text)).toMatchObject([
      { method: 'GET', path: '/gmail/v1/users/me/labels', account: olivia, status: 200 },
      { method: 'GET', path: '/gmail/v1/users/me/labels', account: null, status: 401 },
    ]);
    expect(text).not.toContain(tokens.accessToken);
    await ask('DELETE', '/__requests');
    expect(emulator.requests()).toEqual([]);
  });
});

describe('an account', () => {
  it('that takes back its consent loses every token', async () => {
    const { tokens, oauth } = await connectAs(emulator, olivia);
    await ask('POST', '/__accounts', { account: olivia, action: 'revoke' });
    expect((await labels(tokens.accessToken)).status).toBe(401);
    await expect(oauth.refresh(refreshTokenOf(tokens))).rejects.toMatchObject({
      kind: 'needs_reconsent',
    });
  });

  it('whose access tokens ran out can refresh', async () => {
    const { tokens, oauth } = await connectAs(emulator, olivia);
    await ask('POST', '/__accounts', { account: olivia, action: 'expire' });
    expect((await labels(tokens.accessToken)).status).toBe(401);
    const { accessToken } = await oauth.refresh(refreshTokenOf(tokens));
    expect((await labels(accessToken)).status).toBe(200);
  });
});

it('a request under a foreign host name is refused', async () => {
  const { request } = await import('node:http');
  const status = await new Promise((resolve, reject) => {
    const { port } = new URL(emulator.url);
    const headers = { host: 'attacker.example' };
    request({ host: '127.0.0.1', port, path: '/__requests', headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
  expect(status).toBe(403);
});
