import { rmSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { type EmbeddedServer, startEmbedded } from '@/db/embedded';
import { newDataDir, startServer, type TestServer } from './support/server';

/** As an operator runs it: a PostgreSQL elsewhere, https in front, nothing that is for a demo. */

const token = 'a-token-for-the-metrics';
const elsewhere = newDataDir();
let database: EmbeddedServer;
let server: TestServer;

/** Milliseconds: a database and a product are started first. */
test.setTimeout(420_000);

test.beforeAll(async () => {
  test.setTimeout(420_000);
  database = await startEmbedded({ dataDir: elsewhere });
  server = await startServer({
    env: {
      TENANTRY_MODE: 'production',
      APP_URL: 'https://tenantry.test',
      ALLOW_LOCAL_KEY_FILE: '1',
      ALLOW_LOCAL_OBJECTS: '1',
      DATABASE_URL: database.url,
      METRICS_TOKEN: token,
      SMTP_URL: 'smtp://mail.tenantry.test:25',
      LOG_LEVEL: 'info',
    },
  });
});
test.afterAll(async () => {
  await server.stop();
  await database.stop();
  rmSync(elsewhere, { recursive: true, force: true });
});

test('runs neither database nor stand-in of its own, and names nobody', () => {
  expect(server.pid('postgres')).toBeUndefined();
  expect(server.pid('emulators')).toBeUndefined();
  expect(server.output()).toContain('Tenantry is ready: https://tenantry.test');
  expect(server.output()).not.toContain('@northwind.example');
});

test('is ready, and tells browsers to stay with https', async () => {
  const ready = () => fetch(`${server.url}/api/ready`);
  // A part that does not answer within its time, on a busy machine, does so the next time.
  await expect
    .poll(async () => (await ready()).json())
    .toEqual({ ready: true, parts: { database: 'ok', engine: 'ok', keys: 'ok' } });
  expect((await ready()).headers.get('strict-transport-security')).toContain('max-age=');
});

test('gives its metrics to who holds the token', async () => {
  const ask = (authorization: string) =>
    fetch(`${server.url}/api/metrics`, { headers: { authorization } });
  expect((await ask('Bearer something else')).status).toBe(401);
  const answer = await ask(`Bearer ${token}`);
  expect(answer.status).toBe(200);
  const text = await answer.text();
  for (const name of ['engine_runs', 'engine_oldest_wait_seconds', 'database_connections']) {
    expect(text).toContain(`tenantry_${name}`);
  }
});

test('writes each answered request as one JSON line with its id', async () => {
  const id = 'a-request-of-this-test';
  await fetch(`${server.url}/api/audit`, { headers: { 'x-request-id': id } });
  // Whole lines only: the last one may still be under way.
  const line = () =>
    server
      .output()
      .split('\n')
      .slice(0, -1)
      .find((each) => each.includes(id));
  await expect.poll(line).toBeDefined();
  expect(JSON.parse(line() ?? '{}')).toMatchObject({ request_id: id, level: 'info' });
});
