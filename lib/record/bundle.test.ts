import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type AuditEventId, newId, type TenantContext, withTenant } from '@/db';
import { testDatabase } from '@/db/testing';
import { recordAudit } from '@/lib/audit';
import { holdTestKey } from '@/lib/vault/testing';
import { eventsBundle, wholeBundle } from './bundle';
import { proveEvent, recordState } from './prove';
import { sealRecord } from './seal';
import { finalCheckpoint } from './sign';
import { verifyBundle } from './verify-bundle';

const database = testDatabase();
const directory = mkdtempSync(join(tmpdir(), 'tenantry-bundle-'));
let tenant: TenantContext;
let ids: AuditEventId[];
let key: string;
let earlier: string;
let earlierWhole: string[];
let earlierSome: string[];

const record = (of: TenantContext, name: string) =>
  withTenant(of, (tx) => {
    const actor = { type: 'member', id: newId(), name: 'Ada Example' } as const;
    return recordAudit(
      tx,
      { ...of, actor, requestId: 'request-1' },
      { action: 'automation.created', target: { type: 'automation', id: newId(), name } },
    );
  });

beforeAll(async () => {
  vi.stubEnv('DATA_DIR', directory);
  holdTestKey();
  tenant = await database.createTenant();
  ids = [];
  for (let at = 0; at < 5; at += 1) ids.push(await record(tenant, `before ${at}`));
  earlier = (await finalCheckpoint(tenant.tenantId))?.note ?? '';
  earlierWhole = await linesOf(wholeBundle(tenant));
  earlierSome = await linesOf(eventsBundle(tenant, ids.slice(0, 2)));
  for (let at = 0; at < 6; at += 1) ids.push(await record(tenant, `after ${at}`));
  await finalCheckpoint(tenant.tenantId);
  key = (await recordState(tenant)).verifierKey ?? '';
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true });
});

async function linesOf(bundle: AsyncIterable<string>): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of bundle) lines.push(line.trimEnd());
  return lines;
}

async function* each(lines: readonly string[]) {
  yield* lines;
}

const verify = (lines: readonly string[], kept?: string) =>
  verifyBundle(each(lines), { verifierKeys: [key], kept });

describe('a whole bundle', () => {
  it('holds, opens, and begins with what an earlier checkpoint was signed for', async () => {
    const lines = await linesOf(wholeBundle(tenant));
    expect(await verify(lines, earlier)).toMatchObject({
      whole: true,
      size: 11,
      events: 11,
      opened: 11,
      kept: 'earlier',
      problems: [],
    });
  });

  it.each([
    ['a line is taken out', (lines: string[]) => lines.toSpliced(4, 1)],
    [
      'two lines change places',
      (lines: string[]) => lines.with(3, lines[4] ?? '').with(4, lines[3] ?? ''),
    ],
    ['it is cut off', (lines: string[]) => lines.slice(0, -2)],
    [
      'an outcome is changed',
      (lines: string[]) => lines.map((line) => line.replace('success', 'failure')),
    ],
    [
      'a key is exchanged',
      (lines: string[]) =>
        lines.map((line) =>
          line.replace(/"key":"./, (key) => `${key.slice(0, -1)}${key.endsWith('x') ? 'y' : 'x'}`),
        ),
    ],
  ])('does not hold when %s', async (_what, forge) => {
    const report = await verify(forge(await linesOf(wholeBundle(tenant))));
    expect(report.problems).not.toEqual([]);
  });

  it('does not hold when it ends before what a kept checkpoint was signed for', async () => {
    expect(await verify(earlierWhole)).toMatchObject({ size: 5, problems: [] });
    const latest = (await finalCheckpoint(tenant.tenantId))?.note ?? '';
    expect(await verify(earlierWhole, latest)).toMatchObject({
      kept: 'not_comparable',
      problems: [expect.stringContaining('11 events, and this file ends after 5')],
    });
  });

  it('is nothing without the signature', async () => {
    const lines = await linesOf(wholeBundle(tenant));
    const forged = lines.with(0, (lines[0] ?? '').replace('\\n11\\n', '\\n12\\n'));
    await expect(verify(forged)).rejects.toThrow('not signed');
  });
});

describe('a bundle of another tenant', () => {
  it('is none, whoever’s checkpoint it has', async () => {
    const lines = await linesOf(wholeBundle(tenant));
    const other = newId();
    const forged = lines.with(
      0,
      (lines[0] ?? '').replace(`"tenant":"${tenant.tenantId}"`, `"tenant":"${other}"`),
    );
    await expect(verify(forged)).rejects.toThrow('another');
  });
});

describe('a bundle of some events', () => {
  it('proves each by itself, in the order that was asked for', async () => {
    const some = [ids[7], ids[0]] as AuditEventId[];
    const lines = await linesOf(eventsBundle(tenant, some));
    const report = await verify(lines);
    expect(report).toMatchObject({ whole: false, size: 11, events: 2, opened: 2, problems: [] });
  });

  it('holds beside a later checkpoint from elsewhere, which it was not held against', async () => {
    const { note = '' } = (await finalCheckpoint(tenant.tenantId)) ?? {};
    expect(await verify(earlierSome, note)).toMatchObject({
      whole: false,
      size: 5,
      kept: 'not_comparable',
      problems: [],
    });
  });

  it('does not hold with a proof of another event', async () => {
    const lines = await linesOf(eventsBundle(tenant, ids.slice(0, 2)));
    const moved = lines.map((line) => line.replace('"sequence":1}', '"sequence":2}'));
    expect((await verify(moved)).problems).not.toEqual([]);
  });

  it('opens the events it shows, and no other with their keys', async () => {
    const lines = await linesOf(eventsBundle(tenant, ids.slice(0, 2)));
    const [one, other] = [JSON.parse(lines[1] ?? ''), JSON.parse(lines[2] ?? '')];
    const swapped = lines.with(2, JSON.stringify({ ...other, key: one.key }));
    expect((await verify(swapped)).problems).toEqual([expect.stringContaining('does not open')]);
  });

  it('leaves out what is of another tenant', async () => {
    const stranger = await database.createTenant();
    const foreign = await record(stranger, 'private');
    await finalCheckpoint(stranger.tenantId);
    const lines = await linesOf(eventsBundle(tenant, [foreign]));
    expect(lines).toHaveLength(2);
  });
});

describe('one event', () => {
  it('is proven against the latest checkpoint', async () => {
    expect(await proveEvent(tenant, ids[3] as AuditEventId)).toMatchObject({
      state: 'proven',
      sequence: 3,
      size: 11,
      hashes: 4,
    });
  });

  it('is pending until a checkpoint covers it', async () => {
    const id = await record(tenant, 'new');
    expect(await proveEvent(tenant, id)).toEqual({ state: 'pending', sequence: null });
    await sealRecord();
    expect(await proveEvent(tenant, id)).toEqual({ state: 'pending', sequence: 11 });
  });

  it('is broken when its row was changed behind our back, and says in what', async () => {
    const id = ids[2] as AuditEventId;
    await database.owner.query("update audit_events set actor_name = 'Eve' where id = $1", [id]);
    expect(await proveEvent(tenant, id)).toEqual({ state: 'broken', problems: ['actorName'] });
  });

  it('of another tenant is refused in the words for one that does not exist', async () => {
    const stranger = await database.createTenant();
    const foreign = await record(stranger, 'private');
    const refusals = await Promise.all(
      [foreign, newId<AuditEventId>()].map((id) => proveEvent(tenant, id).catch((error) => error)),
    );
    expect(refusals[0]).toMatchObject({ code: 'not_found', message: refusals[1].message });
  });
});
