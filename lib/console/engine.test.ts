import { describe, expect, it } from 'vitest';
import { newId } from '@/db';
import { testDatabase } from '@/db/testing';
import { openEngine } from '.';
import { somebodyOfStaff } from './testing';

const database = testDatabase();
const staff = somebodyOfStaff();

interface Work {
  readonly tenant: string;
  readonly state?: 'active' | 'failed';
  readonly wake?: string;
  readonly attempt?: number;
  readonly worker?: number;
  readonly output?: unknown;
}

const fn = 'tenantry-automation-run';

/** A piece of the engine's work, as it stands in the queue. */
async function work({ tenant, state = 'active', wake, attempt = 0, worker, output }: Work) {
  const id = newId();
  await database.owner.query(
    `insert into engine.runs (id, function_id, event_id, event, tenant, lane, state, wake_at, attempt,
       worker, output, ended_at)
     values ($1, $2, 'e', '{}', $3, $3, $4, now() + $5::interval, $6, $7, $8,
       case when $4 = 'failed' then now() end)`,
    [
      id,
      fn,
      tenant,
      state,
      wake ?? null,
      attempt,
      worker ?? null,
      output ? JSON.stringify(output) : null,
    ],
  );
  return id;
}

async function embedded(filter = {}) {
  const view = await openEngine(staff, filter);
  if (view.mode !== 'embedded') throw new Error('the test runs on the embedded engine');
  return view;
}

describe('the engine', () => {
  it('tells what waits, runs, fails and is parked, by tenant and by function', async () => {
    const { tenantId } = await database.createTenant('Busy');
    const states = {
      waiting: await work({ tenant: tenantId, wake: '-2 minutes' }),
      parked: await work({ tenant: tenantId, wake: '1 hour' }),
      failing: await work({ tenant: tenantId, wake: '1 minute', attempt: 2 }),
      running: await work({ tenant: tenantId, wake: '-1 second', worker: 7 }),
    };
    const view = await embedded({ tenant: tenantId });
    expect(view.tenants).toContainEqual({
      ...{ tenantId, tenantName: 'Busy', waiting: 1, running: 1, failing: 1, parked: 2 },
      oldestWaitMs: expect.closeTo(120_000, -4),
    });
    expect(view.functions[0]).toMatchObject({ functionId: fn, waiting: 1, running: 1 });
    expect(Object.fromEntries(view.jobs.map(({ state, id }) => [state, id]))).toEqual(states);
    expect((await embedded({ tenant: tenantId, job: 'parked' })).jobs).toHaveLength(1);
  });

  it('tells of a tenant’s failure the kind alone, of the platform’s the words too', async () => {
    const { tenantId } = await database.createTenant('Failed');
    const output = { name: 'TypeError', message: 'no such channel: plan-zugspitze' };
    await work({ tenant: tenantId, state: 'failed', output });
    await work({ tenant: `function:${fn}`, state: 'failed', output });
    const { failures } = await embedded();
    expect(failures.map(({ tenantName, error }) => ({ tenantName, error }))).toEqual(
      expect.arrayContaining([
        { tenantName: 'Failed', error: 'TypeError' },
        { tenantName: null, error: 'TypeError: no such channel: plan-zugspitze' },
      ]),
    );
  });

  it('leaves a look that names whose work was shown', async () => {
    const sam = somebodyOfStaff();
    await openEngine(sam, {});
    const { rows } = await database.owner.query(
      'select action from staff_access_logs where user_id = $1',
      [sam.userId],
    );
    expect(rows).toEqual([{ action: 'engine.opened' }]);
  });
});
