import { describe, expect, it } from 'vitest';
import { inspectServing } from '@/db/catalogue';
import { poolOf, resetConnections } from '@/db/connections';
import { testDatabase } from '@/db/testing';

const database = testDatabase();

const found = (checks: Awaited<ReturnType<typeof inspectServing>>) =>
  checks.flatMap(({ findings }) => findings);

/** Connections of the doctor's that are there now. */
async function doctorsConnections(): Promise<number> {
  const { rows } = await database.owner.query<{ count: number }>(
    `select count(*)::int from pg_stat_activity
      where application_name = 'tenantry-doctor' and datname = current_database()`,
  );
  return rows[0]?.count ?? 0;
}

describe('a look from the process that serves', () => {
  it('needs none of the connections that requests use, all of which may be taken', async () => {
    await resetConnections(database.urls);
    const taken = [];
    for (const role of ['app', 'platform'] as const) {
      const pool = poolOf(role);
      for (let at = 0; at < (pool.options.max ?? 10); at += 1) taken.push(await pool.connect());
    }
    try {
      expect(found(await inspectServing())).toEqual([]);
    } finally {
      for (const client of taken) client.release();
    }
    await expect.poll(doctorsConnections).toBe(0);
  });

  it('ends in time when the database does not answer, and leaves no connection behind', async () => {
    await database.owner.query('begin; lock table pg_catalog.pg_policy in access exclusive mode');
    try {
      const late = found(await inspectServing({ limit: 500 }));
      expect(late.some(({ unseen }) => unseen)).toBe(true);
    } finally {
      await database.owner.query('rollback');
    }
    await expect.poll(doctorsConnections).toBe(0);
    expect(found(await inspectServing())).toEqual([]);
  });

  it('keeps what one login sees when the other is refused', async () => {
    const refused = new URL(database.urls.app);
    refused.password = 'another';
    await resetConnections({ ...database.urls, app: refused.href });
    const findings = found(await inspectServing());
    expect(findings).toEqual([
      expect.objectContaining({ unseen: true, what: expect.stringContaining('attempts') }),
    ]);
    await resetConnections(database.urls);
  });
});
