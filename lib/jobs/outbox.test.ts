import { describe, expect, it } from 'vitest';
import { newId, sql, type TenantContext, tenantDb, withTenant } from '@/db';
import { testDatabase } from '@/db/testing';
import type { ActingContext } from '@/lib/tenancy';
import { inngest } from './client';
import { ForgedJobError } from './errors';
import { noticeForgedContext } from './forged-context';
import { enqueueJob, jobContext } from './outbox';
import { Relay } from './relay';
import { countRuns, endedRuns, eventually, runEngine } from './testing/harness';

const database = testDatabase();

const acting = ({ tenantId }: TenantContext): ActingContext => ({
  tenantId,
  actor: { type: 'system', id: null, name: 'Test' },
  requestId: 'request-1',
});

const asked = (kind: string) => ({ kind, subjectId: newId() as string });

async function denials(): Promise<{ readonly tenantId: string }[]> {
  const { rows } = await database.owner.query(
    `select tenant_id as "tenantId", reason, method, path, request_id as "requestId", details
       from tenant_access_logs order by created_at`,
  );
  return rows;
}

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

describe('a job', () => {
  it('asked for in a transaction reaches its function with nothing but ids', async () => {
    const context = acting(await database.createTenant());
    const job = asked('outbox/asked');
    const seen: unknown[] = [];
    const fn = inngest.createFunction(
      { id: 'asked', triggers: [{ event: job.kind }] },
      async ({ event }) => {
        seen.push(event.data, await jobContext(event));
      },
    );
    await runEngine([fn]);
    const jobId = await relaying(async () => {
      const id = await withTenant(context, (tx) => enqueueJob(tx, context, job));
      await endedRuns('asked');
      return id;
    });
    expect(seen).toEqual([
      { jobId, tenantId: context.tenantId },
      {
        jobId,
        ...job,
        requestedBy: null,
        context: {
          tenantId: context.tenantId,
          actor: { type: 'system', id: null, name: 'Tenantry' },
          requestId: 'request-1',
        },
      },
    ]);
  });

  it('does not come about when its transaction fails', async () => {
    const context = acting(await database.createTenant());
    await expect(
      withTenant(context, async (tx) => {
        await enqueueJob(tx, context, asked('outbox/undone'));
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    const { rows } = await database.owner.query("select from jobs where kind = 'outbox/undone'");
    expect(rows).toHaveLength(0);
  });

  it('cannot be dated by SQL that got in: the oldest goes first', async () => {
    const context = acting(await database.createTenant());
    const dated = withTenant(context, (tx) =>
      tx.execute(sql`
        insert into jobs (tenant_id, id, kind, subject_id, request_id, created_at)
        values (${context.tenantId}, ${newId()}, 'outbox/early', ${newId()}, '', '2000-01-01')`),
    );
    await expect(dated).rejects.toThrow('row-level security policy "jobs_begin_now"');
  });

  it('is sent once by several relays, and once more changes nothing', async () => {
    const context = acting(await database.createTenant());
    const fn = inngest.createFunction(
      { id: 'relayed', triggers: [{ event: 'outbox/relayed' }] },
      async () => {},
    );
    await runEngine([fn]);
    for (let n = 0; n < 5; n += 1) {
      await withTenant(context, (tx) => enqueueJob(tx, context, asked('outbox/relayed')));
    }
    await relaying(() => relaying(() => endedRuns('relayed', 5)));
    // As if the relay had died between sending and marking.
    await database.owner.query('update jobs set dispatched_at = null');
    await relaying(() =>
      eventually(async () => {
        const { rows } = await database.owner.query('select from jobs where dispatched_at is null');
        expect(rows).toHaveLength(0);
      }),
    );
    expect(await countRuns('relayed')).toBe(5);
  });

  it.each([
    ['without a name', ''],
    ['with too long a name', 'x'.repeat(10_000)],
    ['of Inngest itself', 'inngest/function.failed'],
  ])('is sent although one stands before it that can be no event: %s', async (_what, kind) => {
    const context = acting(await database.createTenant());
    const { tenantId } = await database.createTenant('Intruder');
    const name = `outbox/after-${kind.length}`;
    const fn = inngest.createFunction(
      { id: `after-${kind.length}`, triggers: [{ event: name }] },
      async () => {},
    );
    await runEngine([fn]);
    // As SQL that got into a statement may; and older than all that come after it.
    await tenantDb({ tenantId }).execute(
      sql`insert into jobs (tenant_id, id, kind, subject_id, request_id)
          values (${tenantId}, ${newId()}, ${kind}, ${newId()}, 'request-2')`,
    );
    await withTenant(context, (tx) => enqueueJob(tx, context, asked(name)));
    await relaying(() => endedRuns(`after-${kind.length}`));
    await eventually(async () =>
      expect(await denials()).toContainEqual(
        expect.objectContaining({ tenantId, reason: 'forged_job', requestId: 'request-2' }),
      ),
    );
  });
});

describe('a forged context that a job comes upon', () => {
  it('is on the record of the job’s tenant, however it is wrapped, and fails the job', async () => {
    const context = acting(await database.createTenant());
    const jobId = await withTenant(context, (tx) => enqueueJob(tx, context, asked('outbox/odd')));
    const { tenantId } = context;
    await database.owner.query(
      `create function public.forged() returns void language plpgsql as
       $$ begin raise exception 'forged' using errcode = 'TC001'; end $$;
       grant execute on function public.forged() to tenantry_app`,
    );
    const job = await jobContext({ name: 'outbox/odd', data: { jobId, tenantId } });
    const forging = noticeForgedContext(job, () =>
      withTenant(context, (tx) => tx.execute(sql`select public.forged()`)).catch((cause) => {
        throw new Error('A step failed.', { cause });
      }),
    );
    await expect(forging).rejects.toThrow('A step failed.');
    expect(await denials()).toContainEqual({
      tenantId,
      reason: 'forged_context',
      method: 'EVENT',
      path: 'outbox/odd',
      requestId: 'request-1',
      details: { jobId, kind: 'outbox/odd' },
    });
  });

  it('is all that is: another error leaves nothing', async () => {
    const context = acting(await database.createTenant());
    const jobId = await withTenant(context, (tx) => enqueueJob(tx, context, asked('outbox/sad')));
    const { tenantId } = context;
    const job = await jobContext({ name: 'outbox/sad', data: { jobId, tenantId } });
    await expect(
      noticeForgedContext(job, () => Promise.reject(new Error('Something else.'))),
    ).rejects.toThrow('Something else.');
    expect((await denials()).filter((one) => one.tenantId === tenantId)).toEqual([]);
  });
});

describe('a forged job', () => {
  it('that names another tenant is refused, and on the record of the tenant it is about', async () => {
    const context = acting(await database.createTenant());
    const intruder = await database.createTenant('Intruder');
    const jobId = await withTenant(context, (tx) => enqueueJob(tx, context, asked('outbox/taken')));
    const event = { name: 'outbox/taken', data: { jobId, tenantId: intruder.tenantId } };
    await expect(jobContext(event)).rejects.toThrow(ForgedJobError);
    expect(await denials()).toContainEqual({
      tenantId: context.tenantId,
      reason: 'forged_job',
      method: 'EVENT',
      path: 'outbox/taken',
      requestId: 'request-1',
      details: { jobId, claimedTenantId: intruder.tenantId, kind: 'outbox/taken' },
    });
  });

  it('of another kind than its row is refused, so that no function does the work of another', async () => {
    const context = acting(await database.createTenant());
    const { tenantId } = context;
    const jobId = await withTenant(context, (tx) => enqueueJob(tx, context, asked('outbox/mild')));
    const event = { name: 'outbox/severe', data: { jobId, tenantId } };
    await expect(jobContext(event)).rejects.toThrow(ForgedJobError);
    expect(await denials()).toContainEqual(
      expect.objectContaining({
        tenantId,
        reason: 'forged_job',
        path: 'outbox/severe',
        details: { jobId, claimedTenantId: tenantId, kind: 'outbox/mild' },
      }),
    );
  });

  it('with the id of another tenant’s job does not hide one’s own of that id', async () => {
    const [mine, other] = [await database.createTenant(), await database.createTenant('Copier')];
    const context = acting(mine);
    const jobId = await withTenant(context, (tx) => enqueueJob(tx, context, asked('outbox/same')));
    await database.owner.query(
      `insert into jobs (tenant_id, id, kind, subject_id, request_id)
       select $1, id, kind, subject_id, request_id from jobs where id = $2`,
      [other.tenantId, jobId],
    );
    for (const { tenantId } of [mine, other]) {
      const found = await jobContext({ name: 'outbox/same', data: { jobId, tenantId } });
      expect(found.context.tenantId).toBe(tenantId);
    }
  });

  it('that does not exist is refused, and on the record of the tenant it names', async () => {
    const { tenantId } = await database.createTenant();
    const jobId = newId() as string;
    const event = { name: 'outbox/invented', data: { jobId, tenantId } };
    await expect(jobContext(event)).rejects.toThrow(ForgedJobError);
    expect(await denials()).toContainEqual(
      expect.objectContaining({ tenantId, reason: 'forged_job', path: 'outbox/invented' }),
    );
  });

  it.each([undefined, {}, { jobId: 'x', tenantId: 'y' }, { jobId: newId() }])(
    'without ids is refused: %o',
    async (data) => {
      await expect(jobContext({ name: 'outbox/none', data })).rejects.toThrow(ForgedJobError);
    },
  );

  it('fails its run at once, without another attempt', async () => {
    let attempts = 0;
    const fn = inngest.createFunction(
      { id: 'forged', triggers: [{ event: 'outbox/forged' }] },
      async ({ event, step }) => {
        await step.run('believe', async () => {
          attempts += 1;
          await jobContext(event);
        });
      },
    );
    await runEngine([fn]);
    await inngest.send({ name: 'outbox/forged', data: { jobId: newId(), tenantId: newId() } });
    expect(await endedRuns('forged')).toMatchObject([{ state: 'failed' }]);
    expect(attempts).toBe(1);
  });
});
