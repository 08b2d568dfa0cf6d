import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

/** Takes events as Inngest does. */
let server: Server;
const received: { readonly path: string | undefined; readonly body: string }[] = [];
const signingKey = 'signkey-test-0123456789abcdef';

beforeAll(async () => {
  server = createServer({ keepAliveTimeout: 0 }, async (request, response) => {
    received.push({ path: request.url, body: await text(request) });
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ ids: ['taken'], status: 200 }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  vi.stubEnv('INNGEST_EVENT_KEY', 'event-key');
  vi.stubEnv('INNGEST_SIGNING_KEY', signingKey);
  vi.stubEnv('INNGEST_BASE_URL', `http://127.0.0.1:${port}/inngest/`);
});
afterAll(() => server.close());

/** As Inngest signs: HMAC-SHA256 over the body's canonical JSON and the time in seconds. */
function signed(body: string): Record<string, string> {
  const at = Math.round(Date.now() / 1_000);
  const key = signingKey.replace('signkey-test-', '');
  const signature = createHmac('sha256', key).update(`${body}${at}`).digest('hex');
  return { 'x-inngest-signature': `t=${at}&s=${signature}` };
}

/** Keys in order, so that it is its own canonical JSON. */
const call =
  '{"ctx":{"attempt":0,"run_id":"r"},"event":{"data":{},"name":"a"},"events":[],"steps":{},"version":2}';

describe('with keys of Inngest', () => {
  it('sends events there and nowhere else', async () => {
    const { inngest } = await import('./client');
    expect(await inngest.send({ name: 'mode/sent', data: { n: 1 } })).toEqual({ ids: ['taken'] });
    expect(received.map(({ path }) => path)).toEqual(['/inngest/e/event-key']);
    expect(JSON.parse(received[0]?.body ?? '')).toMatchObject([
      { name: 'mode/sent', data: { n: 1 } },
    ]);
  });

  it('serves functions to whoever signs, and to nobody else', async () => {
    const { inngest } = await import('./client');
    const { serveFunctions } = await import('./serve');
    const handle = serveFunctions([
      inngest.createFunction({ id: 'served', triggers: [{ event: 'a' }] }, async () => 'done'),
    ]);
    const host = 'localhost';
    const address = 'http://localhost/api/inngest?fnId=tenantry-served&stepId=step';
    const post = (headers: Record<string, string>) =>
      handle(new Request(address, { method: 'POST', body: call, headers: { host, ...headers } }));
    const answer = await post(signed(call));
    expect([answer.status, await answer.json()]).toEqual([200, 'done']);
    expect((await post({})).status).toBe(401);
    expect((await post(signed(`${call} `))).status).toBe(401);
    const body = '{"url":"http://localhost"}';
    const sync = new Request(address, { method: 'PUT', body, headers: { host } });
    expect((await handle(sync)).status).toBe(401);
    expect((await handle(new Request(address, { headers: { host } }))).status).toBe(401);
  });
});

describe('a configuration', () => {
  async function check(variables: Record<string, string>): Promise<void> {
    vi.resetModules();
    for (const name of ['INNGEST_EVENT_KEY', 'INNGEST_SIGNING_KEY', 'INNGEST_DEV', 'TENANTRY_MODE'])
      vi.stubEnv(name, variables[name]);
    const { checkJobsConfiguration } = await import('./mode');
    checkJobsConfiguration();
  }

  it('with one key of two is refused', async () => {
    await expect(check({ INNGEST_EVENT_KEY: 'k' })).rejects.toThrow('INNGEST_SIGNING_KEY');
    await expect(check({ INNGEST_SIGNING_KEY: 'k' })).rejects.toThrow('INNGEST_EVENT_KEY');
  });

  it('with INNGEST_DEV is refused in production', async () => {
    await expect(check({ TENANTRY_MODE: 'production', INNGEST_DEV: '1' })).rejects.toThrow(
      'INNGEST_DEV',
    );
    await check({ TENANTRY_MODE: 'demo', INNGEST_DEV: '1' });
  });
});
