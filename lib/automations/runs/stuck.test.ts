import { describe, expect, it } from 'vitest';
import { newId, type RunId } from '@/db';
import { auditOf } from '../testing';
import { runWorld } from '../testing/run-world';
import { beginRun, runStep } from './execute';
import { readRun } from './read';
import { requestRun } from './request';
import { startDueRuns } from './scheduler';
import { endStuckRuns } from './stuck';

const world = runWorld();

async function begun(): Promise<RunId> {
  const automationId = await world.newsletters('olivia');
  const runId = await requestRun(world.context, { automationId, dryRun: false, key: newId() });
  await beginRun(world.context, runId);
  return runId;
}

/** Let an hour go by: for the run, its steps and its job, which was sent on. */
async function anHourPasses(runId: RunId): Promise<void> {
  const { owner } = world.database;
  await owner.query(
    `update runs set created_at = created_at - interval '1 hour',
                     started_at = started_at - interval '1 hour' where id = $1`,
    [runId],
  );
  await owner.query(
    `update run_steps set queued_at = queued_at - interval '1 hour',
       started_at = started_at - interval '1 hour', finished_at = finished_at - interval '1 hour'
      where run_id = $1`,
    [runId],
  );
  await owner.query(
    `update jobs set dispatched_at = now() - interval '1 hour' where subject_id = $1`,
    [runId],
  );
}

/** What the engine has for the run: work that is due in so many minutes, or that is over. */
async function engineHas(runId: RunId, dueIn: number | null): Promise<void> {
  await world.database.owner.query(
    `insert into engine.runs (id, function_id, event_id, event, tenant, lane, state, wake_at, ended_at)
     select gen_random_uuid(), 'automation-run', id::text, '{}', tenant_id::text, tenant_id::text,
            case when $2::int is null then 'failed' else 'active' end,
            now() + make_interval(mins => $2),
            case when $2::int is null then now() - interval '1 hour' end
       from jobs where subject_id = $1`,
    [runId, dueIn],
  );
}

const stateOf = async (runId: RunId) => (await readRun(world.context, runId)).state;

describe('a run that is stuck', () => {
  it('is ended as failed, says why, and is on record', async () => {
    const runId = await begun();
    await anHourPasses(runId);
    expect(await endStuckRuns()).toBe(1);
    expect(await readRun(world.context, runId)).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('nobody works on it any more'),
    });
    expect(await auditOf(world.database, runId)).toEqual(['run.requested', 'run.finished']);
    expect(await endStuckRuns()).toBe(0);
  });

  it('leaves a change whose outcome nobody knows unclear', async () => {
    const runId = await begun();
    let key = await beginRun(world.context, runId);
    while (key && !key.startsWith('archive')) {
      key = await runStep(world.context, runId, key, false);
    }
    const { owner } = world.database;
    await owner.query(
      `insert into effects (tenant_id, id, run_id, run_step_id, connection_id, idempotency_key, action, target)
       select tenant_id, gen_random_uuid(), run_id, id, $2, 'k', 'archive', 'a message'
         from run_steps where run_id = $1 order by position desc limit 1`,
      [runId, world.connection()],
    );
    await anHourPasses(runId);
    await engineHas(runId, null);
    expect(await endStuckRuns()).toBe(1);
    const { rows } = await owner.query(
      'select state from effects where run_id = $1 order by state',
      [runId],
    );
    expect(rows).toEqual([{ state: 'done' }, { state: 'unclear' }]);
    expect(await auditOf(world.database, runId)).toContain('effect.unclear');
  });

  it('lets its schedule go on', async () => {
    const runId = await begun();
    const { owner } = world.database;
    await owner.query(`update runs set trigger = 'schedule' where id = $1`, [runId]);
    const due = () =>
      owner.query(
        `update automations set next_run_at = date_trunc('minute', now()), enabled = true,
           trigger = '{"type":"schedule","cron":"*/5 * * * *","timeZone":"UTC"}'
          where id = (select automation_id from runs where id = $1)`,
        [runId],
      );
    await anHourPasses(runId);
    await due();
    expect(await startDueRuns()).toBe(0);
    await endStuckRuns();
    await due();
    expect(await startDueRuns()).toBe(1);
  });
});

describe('a run is left alone', () => {
  it('that the engine has work for, however long that sleeps', async () => {
    const runId = await begun();
    await anHourPasses(runId);
    await engineHas(runId, 600);
    expect(await endStuckRuns()).toBe(0);
    expect(await stateOf(runId)).toBe('running');
  });

  it('whose step moved lately', async () => {
    const runId = await begun();
    await anHourPasses(runId);
    await world.database.owner.query('update run_steps set started_at = now() where run_id = $1', [
      runId,
    ]);
    expect(await endStuckRuns()).toBe(0);
  });

  it('whose job has not been sent on yet', async () => {
    const runId = await begun();
    await anHourPasses(runId);
    await world.database.owner.query('update jobs set dispatched_at = null where subject_id = $1', [
      runId,
    ]);
    expect(await endStuckRuns()).toBe(0);
  });

  it('of an organisation that is suspended: it goes on later', async () => {
    const runId = await begun();
    await anHourPasses(runId);
    const { owner } = world.database;
    const { tenantId } = world.context;
    await owner.query(`update tenants set state = 'suspended' where id = $1`, [tenantId]);
    expect(await endStuckRuns()).toBe(0);
    await owner.query(`update tenants set state = 'active' where id = $1`, [tenantId]);
  });
});
