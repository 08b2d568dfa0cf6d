import { beforeEach, describe, expect, it, vi } from 'vitest';
import { newId, type TenantContext, type TenantId, type UserId, withTenant } from '@/db';
import { testDatabase } from '@/db/testing';
import { env } from '@/lib/env';
import { gate } from '@/lib/jobs/testing/harness';
import type { Denial } from './denial';
import { DenialQueue } from './queue';
import { putOnRecord } from './record';
import { rowsPerMinute } from './write';

const database = testDatabase();
let tenant: TenantContext;

beforeEach(async () => {
  tenant = await database.createTenant();
});

const ada = { userId: newId<UserId>(), name: 'Ada Example', email: 'ada@example.com' };

const denial = (more: Partial<Denial> = {}): Denial => ({
  tenantId: tenant.tenantId,
  actor: ada,
  reason: 'not_found',
  method: 'GET',
  path: '/api/runs/1',
  requestId: 'request-1',
  ipAddress: '192.0.2.1',
  userAgent: 'test',
  details: {},
  ...more,
});

async function rows() {
  const { rows: found } = await database.owner.query(
    `select l.*, l.minute = date_trunc('minute', now()) as "thisMinute"
       from tenant_access_logs l where tenant_id = $1 order by id`,
    [tenant.tenantId],
  );
  return found;
}

/** Rows do not repeat over the turn of a minute, so work that is to share one waits for a fresh one. */
async function withinOneMinute(work: () => Promise<void>): Promise<void> {
  const minute = async () => {
    const { rows: found } = await database.owner.query("select date_trunc('minute', now()) as at");
    return String(found[0].at);
  };
  for (;;) {
    await database.owner.query('delete from tenant_access_logs where tenant_id = $1', [
      tenant.tenantId,
    ]);
    const before = await minute();
    await work();
    if ((await minute()) === before) return;
  }
}

describe('a denial', () => {
  it('tells who, from where, what was asked and why', async () => {
    await putOnRecord(denial({ details: { asked: { id: '7' } } }));
    expect(await rows()).toMatchObject([
      {
        user_id: ada.userId,
        actor_name: 'Ada Example',
        actor_email: 'ada@example.com',
        ip_address: '192.0.2.1',
        user_agent: 'test',
        method: 'GET',
        path: '/api/runs/1',
        reason: 'not_found',
        request_id: 'request-1',
        last_request_id: null,
        times: 1,
        overflow: false,
        details: { asked: { id: '7' } },
      },
    ]);
  });

  it('that repeats within a minute is counted, with its first and its last request', async () => {
    await withinOneMinute(async () => {
      for (let n = 1; n <= 5; n += 1) await putOnRecord(denial({ requestId: `request-${n}` }));
    });
    expect(await rows()).toMatchObject([
      { times: 5, request_id: 'request-1', last_request_id: 'request-5' },
    ]);
  });

  it('is a row of its own for another person, reason, place or id', async () => {
    await withinOneMinute(async () => {
      await putOnRecord(denial());
      await putOnRecord(denial({ actor: { ...ada, userId: newId<UserId>() } }));
      await putOnRecord(denial({ reason: 'forbidden' }));
      await putOnRecord(denial({ path: '/api/runs/2' }));
      await putOnRecord(denial({ details: { asked: { id: '7' } } }));
    });
    expect(await rows()).toHaveLength(5);
  });

  it('is put on record although the transaction of the request is lost', async () => {
    const failing = withTenant(tenant, async (tx) => {
      await putOnRecord(denial());
      await tx.execute('select 1 / 0');
    });
    await expect(failing).rejects.toThrow();
    expect(await rows()).toHaveLength(1);
  });

  it('with signs that cannot be kept is kept without them', async () => {
    await putOnRecord(
      denial({ path: '/a\0b\ud800', userAgent: 'x'.repeat(9_000), details: { a: '\0' } }),
    );
    const [row] = await rows();
    expect(row).toMatchObject({ path: '/ab\ufffd', details: { leftOut: expect.any(String) } });
    expect(row.user_agent).toHaveLength(300);
  });

  it('of a tenant that does not exist leaves nothing', async () => {
    await putOnRecord(denial({ tenantId: newId<TenantId>(), path: '/invented' }));
    const { rows: found } = await database.owner.query(
      "select from tenant_access_logs where path = '/invented'",
    );
    expect(found).toHaveLength(0);
  });

  it('cannot be taken back or rewritten by the role that writes it', async () => {
    await putOnRecord(denial());
    for (const statement of [
      'delete from tenant_access_logs',
      "update tenant_access_logs set reason = 'forbidden'",
      'update tenant_access_logs set user_id = null',
    ]) {
      await expect(withTenant(tenant, (tx) => tx.execute(statement))).rejects.toMatchObject({
        code: '42501',
      });
    }
  });
});

describe('under attack', () => {
  it('thousands of different ids fill no more than the rows of a minute, and all are counted', async () => {
    const many = 3_000;
    await withinOneMinute(async () => {
      await Promise.all(
        Array.from({ length: many }, (_, n) => putOnRecord(denial({ path: `/api/runs/${n}` }))),
      );
    });
    const found = await rows();
    // Writers that pass the bound at the same moment may add a row each.
    expect(found.length).toBeGreaterThanOrEqual(rowsPerMinute);
    expect(found.length).toBeLessThanOrEqual(rowsPerMinute + 3);
    expect(found.reduce((sum, row) => sum + row.times, 0)).toBe(many);
    const beyond = found.filter((row) => row.overflow);
    expect(beyond).toMatchObject([{ user_id: ada.userId, reason: 'not_found', method: 'MANY' }]);
  });

  it('what else is refused in that minute still says who and why', async () => {
    const eve = { userId: newId<UserId>(), name: 'Eve', email: 'eve@example.com' };
    await withinOneMinute(async () => {
      for (let n = 0; n < rowsPerMinute; n += 1) await putOnRecord(denial({ path: `/${n}` }));
      await putOnRecord(denial({ path: '/0' }));
      await putOnRecord(denial({ actor: eve, reason: 'tenant_header_mismatch' }));
    });
    const found = await rows();
    expect(found.find((row) => row.path === '/0')).toMatchObject({ times: 2 });
    expect(found.at(-1)).toMatchObject({
      user_id: eve.userId,
      reason: 'tenant_header_mismatch',
      overflow: true,
    });
  });
});

describe('while the record is out of reach', () => {
  it('because every connection is in use, an answer is not held, and the denial is caught up with', async () => {
    const { opened, open } = gate();
    let holding = 0;
    const held = Array.from({ length: env.DATABASE_POOL }, () =>
      withTenant(tenant, async (tx) => {
        await tx.execute('select 1');
        holding += 1;
        await opened;
      }),
    );
    await vi.waitFor(() => expect(holding).toBe(env.DATABASE_POOL), {
      timeout: 90_000,
    });
    const from = performance.now();
    await putOnRecord(denial({ path: '/while-full' }));
    expect(performance.now() - from).toBeLessThan(4_000);
    expect(await rows()).toEqual([]);
    open();
    await Promise.all(held);
    await vi.waitFor(async () => expect(await rows()).toMatchObject([{ path: '/while-full' }]), {
      timeout: 90_000,
    });
  });

  const unreachable = () => Promise.reject(new Error('no connection'));

  it('a denial waits in memory, and is written once it can be', async () => {
    let down = true;
    const written: { path: string; times: number; lastRequestId: string }[] = [];
    const queue = new DenialQueue({
      pauseMs: [5, 10],
      write: async ({ denial: { path }, times, lastRequestId }) => {
        if (down) await unreachable();
        written.push({ path, times, lastRequestId });
      },
    });
    for (let n = 1; n <= 3; n += 1) await queue.put(denial({ requestId: `request-${n}` }));
    await queue.put(denial({ path: '/other' }));
    expect(queue.state).toEqual({ waiting: 2, lost: 0 });
    down = false;
    await queue.flush();
    expect(written).toHaveLength(2);
    expect(written).toContainEqual({
      path: '/api/runs/1',
      times: 3,
      lastRequestId: expect.stringMatching(/^request-/),
    });
    expect(queue.state).toEqual({ waiting: 0, lost: 0 });
  });

  it('memory is bounded: first what was asked is given up, then the rest is counted as lost', async () => {
    const queue = new DenialQueue({ most: 10, pauseMs: [60_000, 60_000], write: unreachable });
    for (let n = 0; n < 50; n += 1) await queue.put(denial({ path: `/${n}` }));
    expect(queue.state).toEqual({ waiting: 11, lost: 0 });
    for (let n = 0; n < 50; n += 1) {
      await queue.put(denial({ path: '/', actor: { ...ada, userId: newId<UserId>() } }));
    }
    expect(queue.state.waiting).toBe(15);
    expect(queue.state.lost).toBe(46);
  });

  it('an answer is held no longer than a write may take', async () => {
    const queue = new DenialQueue({
      limitMs: 20,
      pauseMs: [60_000, 60_000],
      write: (_waiting, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason), { once: true });
        }),
    });
    await queue.put(denial());
    expect(queue.state.waiting).toBe(1);
  });

  it('what the record refuses for good is not tried for ever', async () => {
    let tries = 0;
    const queue = new DenialQueue({
      write: async () => {
        tries += 1;
        throw Object.assign(new Error('refused'), { name: 'QueryError', code: '22021' });
      },
    });
    await queue.put(denial());
    await queue.flush();
    expect({ tries, ...queue.state }).toEqual({ tries: 1, waiting: 0, lost: 1 });
  });
});
