import { describe, expect, it } from 'vitest';
import { testDatabase } from '@/db/testing';
import { withPlatform } from './platform';
import { type NewReport, recordReportsAs } from './reports';
import { trustReports } from './schema';
import { tenantDb } from './tenant';

const database = testDatabase();

const report = (changes: Partial<NewReport> = {}): NewReport => ({
  kind: 'doctor',
  startedAt: new Date('2026-01-01T00:00:00Z'),
  finishedAt: new Date('2026-01-01T00:00:01Z'),
  passed: 2,
  failed: 0,
  classes: [{ name: 'tables', cases: 2, held: 2 }],
  document: { checks: [] },
  version: '1.0.0',
  ...changes,
});

const kept = async () =>
  (await database.owner.query('select * from trust_reports order by finished_at')).rows;

describe('recordReportsAs', () => {
  it('keeps a report once', async () => {
    const digests = async () => (await kept()).map(({ digest }) => digest);
    await recordReportsAs(database.ownerUrl, [report(), report({ document: { other: 1 } })]);
    await recordReportsAs(database.ownerUrl, [report()]);
    expect(await digests()).toHaveLength(2);
  });

  it('keeps the figures of a report whose document is too long', async () => {
    const finishedAt = new Date('2026-01-02T00:00:00Z');
    await recordReportsAs(database.ownerUrl, [
      report({ finishedAt, failed: 1, document: 'x'.repeat(1_000_001) }),
    ]);
    expect((await kept()).at(-1)).toMatchObject({ ok: false, passed: 2, document: null });
  });

  it('keeps texts that jsonb would refuse', async () => {
    const finishedAt = new Date('2026-01-03T00:00:00Z');
    await recordReportsAs(database.ownerUrl, [
      report({ finishedAt, document: { text: 'a\0b\ud800' } }),
    ]);
    expect((await kept()).at(-1)?.document).toEqual({ text: 'ab\ufffd' });
  });

  it('lets go of the oldest beyond two hundred of a kind', async () => {
    const many = Array.from({ length: 203 }, (_, at) =>
      report({ kind: 'bench', finishedAt: new Date(Date.UTC(2026, 0, 1, 0, at)) }),
    );
    await recordReportsAs(database.ownerUrl, many);
    const bench = (await kept()).filter(({ kind }) => kind === 'bench');
    expect(bench).toHaveLength(200);
    expect(bench[0].finished_at).toEqual(new Date(Date.UTC(2026, 0, 1, 0, 3)));
  });
});

describe('who sees a report', () => {
  it('a tenant sees how it came out, and not the document', async () => {
    const tenant = await database.createTenant();
    const read = tenantDb(tenant);
    const rows = await read.select({ summary: trustReports.summary }).from(trustReports).limit(1);
    expect(rows[0]?.summary.classes).toHaveLength(1);
    await expect(
      read.select({ document: trustReports.document }).from(trustReports),
    ).rejects.toThrow(/permission denied/);
    await expect(read.insert(trustReports).values({} as never)).rejects.toThrow();
  });

  it('staff read all of it', async () => {
    const rows = await withPlatform((tx) => tx.select().from(trustReports).limit(1));
    expect(rows).toHaveLength(1);
  });
});
