import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type NewReport, recordReportsAs } from '@/db';
import { testDatabase } from '@/db/testing';
import { recordReport, releasedReports, trustFacts } from '.';

const database = testDatabase();

/** A release with these files in `docs/trust`. */
function release(files: Readonly<Record<string, unknown>>): string {
  const root = mkdtempSync(join(tmpdir(), 'trust-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, 'docs', 'trust'), { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    writeFileSync(join(root, 'docs', 'trust', name), text);
  }
  return root;
}

const isolation = {
  kind: 'isolation',
  finishedAt: '2026-11-20T10:00:00.000Z',
  version: '0.1.0',
  commit: 'abcdef1234567890',
  sourcesDigest: 'f00d',
  passed: 40,
  failed: 0,
  classes: [{ name: 'sql: TRUNCATE', cases: 20, held: 20 }],
  endpoints: [{ path: '/runs' }],
};

describe('releasedReports', () => {
  it('reads what follows the common form, and all of it is kept', () => {
    const [report, ...others] = releasedReports(release({ 'isolation.json': isolation }), '9.9.9');
    expect(others).toEqual([]);
    expect(report).toMatchObject({ kind: 'isolation', passed: 40, version: '0.1.0' });
    expect(report?.document).toEqual(isolation);
    expect(report?.startedAt).toEqual(report?.finishedAt);
  });

  it('says its own version where a report does not', () => {
    const { version: _none, ...without } = isolation;
    const [report] = releasedReports(release({ 'isolation.json': without }), '9.9.9');
    expect(report?.version).toBe('9.9.9');
  });

  it.each([
    ['is not there', {}],
    ['is no JSON', { 'isolation.json': 'half a rep' }],
    ['is something else', { 'isolation.json': { kind: 'weather' } }],
    ['is no report at all', { 'isolation.html': '<p>' }],
  ])('leaves out what %s', (_what, files) => {
    expect(releasedReports(release(files), '1.0.0')).toEqual([]);
  });

  it('has nothing without the folder', () => {
    expect(releasedReports('/nowhere-at-all', '1.0.0')).toEqual([]);
  });
});

describe('trustFacts', () => {
  const doctor = (at: string, failed: number): NewReport => ({
    kind: 'doctor',
    startedAt: new Date(at),
    finishedAt: new Date(at),
    passed: 40 - failed,
    failed,
    classes: [{ name: 'Caches', cases: 40, held: 40 - failed }],
    document: { secret: 'of the platform' },
    version: '0.1.0',
  });

  it('tells of nothing where nothing has run', async () => {
    const { reports, running, versions } = await trustFacts(await database.createTenant());
    expect(running.sourcesDigest).toMatch(/^[0-9a-f]{64}$/);
    expect(reports).toEqual({});
    expect(versions.map(({ name }) => name)).toEqual(['Tenantry', 'PostgreSQL', 'Node.js']);
    for (const { version } of versions) expect(version).toMatch(/^\d+\./);
  });

  it('tells of the newest of each kind, and nothing of what it says in detail', async () => {
    await recordReport(doctor('2026-11-20T08:00:00Z', 1));
    await recordReport(doctor('2026-11-20T09:00:00Z', 0));
    const released = releasedReports(release({ 'isolation.json': isolation }), '0.1.0');
    await recordReportsAs(database.ownerUrl, released);
    await recordReportsAs(database.ownerUrl, released);
    const { reports } = await trustFacts(await database.createTenant());
    expect(reports.doctor).toEqual({
      kind: 'doctor',
      startedAt: '2026-11-20T09:00:00.000Z',
      finishedAt: '2026-11-20T09:00:00.000Z',
      ok: true,
      passed: 40,
      failed: 0,
      classes: [{ name: 'Caches', cases: 40, held: 40 }],
      version: '0.1.0',
      commit: null,
      sourcesDigest: null,
    });
    expect(reports.isolation).toMatchObject({
      passed: 40,
      commit: 'abcdef1234567890',
      sourcesDigest: 'f00d',
    });
    expect(reports.mutants).toBeUndefined();
    expect(JSON.stringify(reports)).not.toContain('of the platform');
  });
});
