import { describe, expect, it } from 'vitest';
import { newId, type TenantContext, withTenant } from '@/db';
import { testDatabase } from '@/db/testing';
import type { ActingContext } from '@/lib/tenancy';
import { inngest } from './client';
import { heldForSeconds } from './hold';
import { runsFunction, unheldFunctions } from './hold-plan';
import { enqueueJob, jobContext } from './outbox';
import { patiently } from './patiently';
import type { FunctionPlan } from './plan';
import { Relay } from './relay';
import { countRuns, endedRuns, eventually, gate, runEngine } from './testing/harness';

const database = testDatabase();

const acting = ({ tenantId }: TenantContext): ActingContext => ({
  tenantId,
  actor: { type: 'system', id: null, name: 'Test' },
  requestId: 'request-1',
});
const put = ({ tenantId }: TenantContext, state: string) =>
  database.owner.query('update tenants set state = $1 where id = $2', [state, tenantId]);
const ask = (context: ActingContext, kind: string) =>
  withTenant(context, (tx) => enqueueJob(tx, context, { kind, subjectId: newId() as string }));

/** Run `work` beside a relay. */
async function relaying<Result>(work: () => Promise<Result>): Promise<Result> {
  const relay = new Relay(50);
  relay.start();
  try {
    return await work();
  } finally {
    await relay.stop();
  }
}

describe.each(['suspended', 'deleting'])('while a tenant is %s', (state) => {
  it('its jobs wait and others’ pass, and then they are done once', async () => {
    const [held, free] = [
      acting(await database.createTenant()),
      acting(await database.createTenant()),
    ];
    const kind = `hold/waits-${state}`;
    const done: string[] = [];
    const fn = inngest.createFunction(
      { id: `waits-${state}`, triggers: [{ event: kind }] },
      async ({ event, step }) => {
        await patiently(step, 'work', async () => {
          done.push((await jobContext(event)).context.tenantId);
          return null;
        });
      },
    );
    await put(held, state);
    await runEngine([fn]);
    await relaying(async () => {
      await ask(held, kind);
      await ask(free, kind);
      await endedRuns(`waits-${state}`, 1);
      expect(done).toEqual([free.tenantId]);
      await put(held, 'active');
      await endedRuns(`waits-${state}`, 2);
    });
    expect(done).toEqual([free.tenantId, held.tenantId]);
  });

  it('what is under way stops at its next step, and goes on there', async () => {
    const held = acting(await database.createTenant());
    const kind = `hold/middle-${state}`;
    const middle = gate();
    const done: string[] = [];
    const fn = inngest.createFunction(
      { id: `middle-${state}`, triggers: [{ event: kind }], retries: 0 },
      async ({ event, step }) => {
        for (const name of ['first', 'second', 'third']) {
          await patiently(step, name, async () => {
            await jobContext(event);
            done.push(name);
            if (name === 'first') await middle.opened;
            return null;
          });
        }
      },
    );
    await runEngine([fn]);
    await relaying(async () => {
      await ask(held, kind);
      await eventually(() => expect(done).toEqual(['first']));
      await put(held, state);
      middle.open();
      // The step that found it held is remembered as that, and the run sleeps.
      await eventually(async () => {
        const { rows } = await database.owner.query(
          `select r.worker from engine.runs r join engine.steps s on s.run_id = r.id
            where r.tenant = $1 and s.value like '%held%'`,
          [held.tenantId],
        );
        expect(rows).toEqual([{ worker: null }]);
      });
      expect(done).toEqual(['first']);
      await put(held, 'active');
      await endedRuns(`middle-${state}`, 1);
    });
    expect(done).toEqual(['first', 'second', 'third']);
  });

  it('what is about the tenant itself is done all the same', async () => {
    const held = acting(await database.createTenant());
    const fn = inngest.createFunction(
      { id: `itself-${state}`, triggers: [{ event: `tenant/itself-${state}` }] },
      async ({ event }) => (await jobContext(event)).context.tenantId,
    );
    await put(held, state);
    await runEngine([fn]);
    await relaying(async () => {
      await ask(held, `tenant/itself-${state}`);
      const [run] = await endedRuns(`itself-${state}`, 1);
      expect(run?.output).toContain(held.tenantId);
    });
  });
});

it('a tenant’s own limit of runs at once bounds the steps of its runs, at once', async () => {
  const bounded = acting(await database.createTenant());
  const limit = (most: number) =>
    database.owner.query(
      `insert into tenant_limits (tenant_id, id, runs_at_once) values ($1, $2, $3)
       on conflict (tenant_id) do update set runs_at_once = excluded.runs_at_once`,
      [bounded.tenantId, newId(), most],
    );
  await limit(1);
  const hold = gate();
  let [now, most] = [0, 0];
  const fn = inngest.createFunction(
    {
      id: runsFunction.replace(/^tenantry-/, ''),
      triggers: [{ event: 'hold/run' }],
      concurrency: { limit: 4, key: 'event.data.tenantId' },
    },
    async ({ step }) => {
      await step.run('work', async () => {
        now += 1;
        most = Math.max(most, now);
        await hold.opened;
        now -= 1;
      });
    },
  );
  await runEngine([fn]);
  const { tenantId } = bounded;
  await inngest.send(
    Array.from({ length: 4 }, (_, n) => ({ name: 'hold/run', data: { tenantId, n } })),
  );
  await eventually(() => expect(now).toBe(1));
  expect(await countRuns('automation-run')).toBe(4);
  expect(most).toBe(1);
  await limit(3);
  await eventually(() => expect(now).toBe(3));
  hold.open();
  await endedRuns('automation-run', 4);
  expect(most).toBe(3);
});

it('pauses of what is held double, up to an hour', () => {
  expect([0, 1, 2, 20].map(heldForSeconds)).toEqual([5, 10, 20, 3_600]);
});

it('a failure handler passes the hold with its function only', () => {
  const plan = (id: string, event: string, only?: string) =>
    ({
      id,
      triggers: [
        { event, only: only ? { path: ['data', 'function_id'], value: only } : undefined },
      ],
    }) as unknown as FunctionPlan;
  const failed = 'inngest/function.failed';
  const unheld = unheldFunctions([
    plan('delete', 'tenant/delete'),
    plan('delete-failure', failed, 'delete'),
    plan('run', 'run/requested'),
    plan('run-failure', failed, 'run'),
  ]);
  expect([...unheld].sort()).toEqual(['delete', 'delete-failure']);
});
