import { beforeEach, describe, expect, it, vi } from 'vitest';
import {
  acrossTenantsMark,
  bucketBounds,
  bucketCount,
  bucketOf,
  drainQueries,
  observe,
  type QueryFinding,
  reportQueries,
  roleTimes,
} from '.';

const app = { role: 'app', tenantId: 'tenant-1' } as const;
const engine = { role: 'engine', tenantId: undefined } as const;
const fast = { ms: 1, waitedMs: 0.5, rows: 3, failed: false };
let unique = 0;
/** A statement that no test before has run. */
const query = (rest = '') => {
  unique += 1;
  return `select ${'a'.repeat(unique)} from resources where tenant_id = $1 ${rest}`;
};

beforeEach(() => {
  drainQueries(0);
});

describe('a bucket', () => {
  it.each([0, 0.2, 0.5, 0.51, 1, 3, 4, 5, 250, 8_192, 8_193, 1e7])('holds %d ms', (ms) => {
    const at = bucketOf(ms);
    expect(at).toBeLessThan(bucketCount);
    expect(ms).toBeLessThanOrEqual(bucketBounds[at] ?? Number.POSITIVE_INFINITY);
    expect(ms).toBeGreaterThan(at === 0 ? -1 : (bucketBounds[at - 1] as number));
  });
});

describe('what the doors observe', () => {
  it('is summed up by query and tenant, and begins anew once it is taken', () => {
    const sql = query();
    observe(app, sql, [], fast);
    observe(app, sql, [], { ...fast, ms: 9, failed: true });
    observe({ ...app, tenantId: 'tenant-2' }, sql, [], fast);
    const [first, second] = drainQueries(10);
    expect(first).toMatchObject({ tenantId: 'tenant-1', count: 2, failed: 1, totalMs: 10 });
    expect(first).toMatchObject({ maxMs: 9, waitedMs: 1, rows: 6 });
    expect(first?.buckets.reduce((sum, value) => sum + value)).toBe(2);
    expect(second).toMatchObject({ tenantId: 'tenant-2', count: 1 });
    expect(drainQueries(10)).toEqual([]);
  });

  it('is one for lists of different lengths', () => {
    observe(app, query('and id in ($2)'), [], fast);
    unique -= 1;
    observe(app, query('and id in ($2, $3)'), [], fast);
    expect(drainQueries(10)).toHaveLength(1);
  });

  it('is one for batches of any size, and quick about large ones', () => {
    const batch = (rows: number) =>
      `insert into resources (tenant_id, id, name) values ${Array.from({ length: rows }, (_, at) => `($${at * 2 + 1}, default, $${at * 2 + 2})`).join(', ')} on conflict do nothing`;
    const sizes = [1, 2, 700, 20_000].map(batch);
    // Of the processor, since a clock would also measure what else it is at.
    const startedAt = process.cpuUsage();
    for (const sql of sizes) observe(app, sql, [], fast);
    expect(process.cpuUsage(startedAt).user / 1_000).toBeLessThan(500);
    const list = `delete from resources where tenant_id = $1 and id in (${Array.from({ length: 30_000 }, (_, at) => `$${at + 2}`).join(', ')})`;
    observe(app, list, [], fast);
    observe(app, 'delete from resources where tenant_id = $1 and id in ($2)', [], fast);
    const figures = drainQueries(10);
    expect(figures.map(({ count }) => count)).toEqual([4, 2]);
    expect(figures[0]?.shape.text).toBe(
      'insert into resources (tenant_id, id, name) values ($1, default, $2), … on conflict do nothing',
    );
  });

  it('keeps the slow and the heavy apart and sums up the rest by role', () => {
    for (let at = 0; at < 20; at += 1) observe(app, query(), [], fast);
    observe(app, query(), [], { ...fast, ms: 100 });
    observe(app, query(), [], { ...fast, ms: 300 });
    observe(engine, query(), [], fast);
    const figures = drainQueries(2);
    expect(figures.map(({ totalMs }) => totalMs)).toEqual([300, 100, 20, 1]);
    expect(figures.slice(2).map(({ shape }) => shape.fingerprint)).toEqual([
      'other-app',
      'other-engine',
    ]);
  });

  it('is bounded, whoever asks for how much', () => {
    const sql = query();
    for (let at = 0; at < 12_000; at += 1) observe({ ...app, tenantId: `t${at}` }, sql, [], fast);
    const figures = drainQueries(20_000);
    expect(figures.length).toBeLessThanOrEqual(10_001);
    expect(figures.reduce((sum, { count }) => sum + count, 0)).toBe(12_000);
  });

  it('counts by role since the process began', () => {
    const before = roleTimes().find(({ role }) => role === 'engine')?.count ?? 0;
    observe(engine, query(), [], fast);
    expect(roleTimes().find(({ role }) => role === 'engine')?.count).toBe(before + 1);
  });
});

describe('a finding', () => {
  const found: QueryFinding[] = [];
  beforeEach(() => {
    found.length = 0;
    vi.useFakeTimers({ toFake: ['performance'] });
    reportQueries((finding) => void found.push(finding));
    return () => void vi.useRealTimers();
  });

  it('is told of a slow statement once a minute, with how many there were', () => {
    const sql = query();
    for (let at = 0; at < 3; at += 1) observe(app, sql, [], { ...fast, ms: 400 });
    expect(found).toMatchObject([{ kind: 'slow', ms: 400, tenantId: 'tenant-1', repeats: 0 }]);
    vi.advanceTimersByTime(61_000);
    observe(app, sql, [], { ...fast, ms: 500 });
    expect(found[1]).toMatchObject({ kind: 'slow', ms: 500, repeats: 2 });
  });

  it('is told of a statement without its tenant', () => {
    observe(app, 'select name from resources', [], fast);
    expect(found).toMatchObject([{ kind: 'tenant-less', shape: { unbound: ['resources'] } }]);
  });

  it('is not told where the code says why, unless it is the app role’s', () => {
    const why = 'the relay serves everybody';
    observe(engine, `${acrossTenantsMark(why)} select kind from jobs`, [], fast);
    observe({ ...engine, acrossTenants: why }, 'select id from jobs', [], fast);
    expect(found).toEqual([]);
    observe({ ...app, acrossTenants: why }, 'select id from jobs', [], fast);
    expect(found).toHaveLength(1);
  });
});
