import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resetConnections, sql, tenantDb } from '@/db';
import { testDatabase } from '@/db/testing';
import { type Between, startBetween } from './wire/testing/between';

const database = testDatabase();
let between: Between;

beforeEach(async () => {
  between = await startBetween(database.urls.app, {});
  await resetConnections({ ...database.urls, app: between.url });
});

afterEach(async () => {
  await resetConnections(database.urls);
  await between.close();
});

/** Timers of connections to a local port, by what the kernel lists of each: 2 asks after a silent peer. */
function timersTo(port: number): string[] {
  const remote = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , to, state]) => to === remote && state === '01')
    .map((fields) => fields[5]?.slice(0, 2) ?? '');
}

describe.runIf(process.platform === 'linux')('a connection that is idle', () => {
  it('is asked whether the server is still there', async () => {
    await tenantDb(await database.createTenant()).execute(sql`select 1`);
    expect(timersTo(Number(new URL(between.url).port))).toEqual(['02']);
  });
});
