import { beforeAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../testing';
import { claimStatement } from './claim';
import { commitStatement } from './commit';
import { engineStore } from './store';
import { takeTurn } from './turn';

const database = testDatabase();

const LANES = 500;
const functionIds = ['a', 'b', 'c'];
const limits = functionIds.map((functionId) => ({ functionId, perLane: 5, total: null }));

/** A crowd of tenants, one of which has a queue as long as everybody else's together. */
beforeAll(async () => {
  const insert = `insert into engine.runs (id, function_id, event_id, event, tenant, lane, wake_at)
    select gen_random_uuid(), (array['a', 'b', 'c'])[1 + n % 3], 'e', '{}', lane, lane, at
      from (select n, `;
  const end = 'from generate_series(1, $1) n) given';
  await database.owner.query(`${insert} 'busy' as lane, now() - interval '1 h' as at ${end}`, [
    LANES * 6,
  ]);
  await database.owner.query(
    `${insert} 'tenant-' || n % ${LANES} as lane, now() - interval '1 min' as at ${end}`,
    [LANES * 6],
  );
  await database.owner.query('vacuum analyze engine.runs');
});

/** The plan that is used whatever the parameters are. */
async function planOf(types: string, statement: string, parameters: string): Promise<string> {
  const client = await engineStore().connect();
  try {
    await client.query('begin; set local plan_cache_mode = force_generic_plan');
    await client.query(`prepare planned(${types}) as ${statement}`);
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(
      `explain execute planned(${parameters})`,
    );
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  } finally {
    await client.query('rollback; deallocate all');
    client.release();
  }
}

describe('a claim', () => {
  it('reads no queue from end to end', async () => {
    const plan = await planOf(
      'int, text[], int[], int[], int, text, boolean[], boolean[]',
      claimStatement,
      `1, '{a,b,c}', '{5,5,5}', '{null,null,null}', 32, '', '{t,f,f}', '{f,f,t}'`,
    );
    expect(plan).not.toContain('Seq Scan on runs');
    expect(plan).toMatch(/Index Only Scan using runs_ready .*\n\s*Index Cond: \(\(function_id = /);
    expect(plan).toMatch(/Index Cond: \(\(function_id = .* \(lane = .* \(wake_at <= /);
  });

  it('goes round all lanes in a few turns and gives each tenant its turn', async () => {
    const tenants = new Map<string, number>();
    let since: string | undefined;
    let claims = 0;
    do {
      const { runs, next } = await takeTurn(engineStore(), {
        claim: { worker: 1, limits, free: 64, since },
      });
      const { rows } = await database.owner.query<{ tenant: string }>(
        'select tenant from engine.runs where id = any($1::uuid[])',
        [runs.map(({ id }) => id)],
      );
      for (const { tenant } of rows) tenants.set(tenant, (tenants.get(tenant) ?? 0) + 1);
      since = next;
      claims += 1;
    } while (since !== undefined);
    expect(claims).toBeLessThanOrEqual(Math.ceil(LANES / 60));
    expect(tenants.get('busy') ?? 0).toBeLessThanOrEqual(claims);
    expect(tenants.size).toBeGreaterThan(LANES / 2);
  });
});

describe('a commit', () => {
  it('finds its runs by their ids', async () => {
    const types = `uuid[], int[], int[], text[], timestamptz[], int[], int[], text[], uuid[], text[],
      text[], int[], text[], int[], timestamptz[], uuid[], text[], text[], text[]`;
    const plan = await planOf(types, commitStatement, Array(19).fill("'{}'").join(', '));
    expect(plan).not.toContain('Seq Scan on runs');
    expect(plan).not.toContain('runs_held');
    expect(plan).toContain('Index Scan using runs_pkey');
  });
});
