import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ConnectionId, upkeep } from '@/db';
import { testDatabase } from '@/db/testing';
import { forgetFaults } from '@/lib/app-faults/gate';
import type { MemberContext } from '@/lib/tenancy';
import { connect, testGoogle, testMember } from '../testing';
import { probeFaults } from './probe';
import { refreshAhead } from './refresh-ahead';
import { noticeUnsteady } from './unsteady';

const google = testGoogle();
const database = testDatabase();
let context: MemberContext;
let id: ConnectionId;

beforeAll(async () => {
  context = await testMember(database);
});
beforeEach(async () => {
  google.clearFaults();
  for (const table of ['connections', 'provider_app_faults', 'alerts']) {
    await database.owner.query(`delete from ${table}`);
  }
  forgetFaults();
  id = await connect(context);
  google.clearRequests();
});

interface Times {
  /** Seconds until the token ends, and since it was last renewed and the connection last used. */
  readonly ends?: number;
  readonly renewed?: number;
  readonly used?: number | null;
}
async function given({ ends = 3_600, renewed = 60, used = 60 }: Times): Promise<void> {
  await database.owner.query(
    `update credentials set access_expires_at = now() + make_interval(secs => $1),
       updated_at = now() - make_interval(secs => $2)`,
    [ends, renewed],
  );
  await database.owner.query(
    'update connections set last_used_at = now() - make_interval(secs => $1)',
    [used],
  );
}
const posts = () => google.requests({ path: '/token' }).length;
async function credential() {
  const { rows } = await database.owner.query<Record<string, unknown>>(
    `select token_version as version, refresh_failures as failures,
            ceil(extract(epoch from refresh_retry_at - now()) / 60)::int as minutes
       from credentials where connection_id = $1`,
    [id],
  );
  return rows[0];
}
const state = async () =>
  (await database.owner.query('select state from connections where id = $1', [id])).rows[0]?.state;

describe('a token', () => {
  it('that ends soon is renewed before it does, once', async () => {
    await given({ ends: 290 });
    expect(await refreshAhead()).toBe(1);
    expect(await refreshAhead()).toBe(0);
    expect(posts()).toBe(1);
  });

  it('that lasts is left alone', async () => {
    await given({ ends: 1_200 });
    expect(await refreshAhead()).toBe(0);
  });

  it('of what nobody has used for a day is left to end', async () => {
    await given({ ends: 60, used: 90_000 });
    expect(await refreshAhead()).toBe(0);
    await given({ ends: 60, used: null });
    expect(await refreshAhead()).toBe(0);
  });

  it('that has rested for a week is renewed, so that it is not taken for forgotten', async () => {
    await given({ ends: -600_000, renewed: 604_900, used: 604_900 });
    expect(await refreshAhead()).toBe(1);
  });

  it('of a connection that waits for somebody is not asked for', async () => {
    await given({ ends: 60 });
    await database.owner.query(`update connections set state = 'needs_reconsent'`);
    expect(await refreshAhead()).toBe(0);
    expect(posts()).toBe(0);
  });

  it('is renewed once by several processes that look at the same time', async () => {
    await given({ ends: 60 });
    const renewed = await Promise.all([refreshAhead(), refreshAhead(), refreshAhead()]);
    expect(renewed.some((count) => count > 0)).toBe(true);
    expect(posts()).toBe(1);
  });

  it('of many is due at different moments, and so many of one tenant at a time', async () => {
    await database.owner.query('delete from connections');
    const window = { ahead: 600, usedWithin: 86_400, rest: 604_800, perTenant: 30 };
    await crowd(context, 40);
    const due = async () => (await upkeep.connectionsToRefresh(window, [], 200)).length;
    await given({ ends: 590 });
    expect(await due()).toBeLessThan(5);
    await given({ ends: 450 });
    expect(await due()).toBeGreaterThan(8);
    expect(await due()).toBeLessThan(30);
    await given({ ends: 299 });
    expect(await due()).toBe(30);
    await crowd(await testMember(database), 5);
    await given({ ends: 299 });
    expect(await due()).toBe(35);
  });
});

/** Connections that nobody could use, with tokens that can be looked up by their times. */
const crowd = ({ tenantId, userId }: MemberContext, count: number) =>
  database.owner.query(
    // Their moments lie where their ids say: the same ones each time.
    `with made as (
       insert into connections (tenant_id, id, provider, state, created_by)
       select $1, md5('connection ' || n)::uuid, 'google', 'active', $2
         from generate_series(1, $3) n
       returning id
     )
     insert into credentials (tenant_id, id, connection_id, generation, sealed, access_expires_at)
     select $1, gen_random_uuid(), id, 1, '', now() from made`,
    [tenantId, userId, count],
  );

describe('a renewal that fails', () => {
  it('while the token lasts changes nothing, and is tried later and later', async () => {
    await given({ ends: 60 });
    google.fault({ path: '/token', status: 503, body: '' });
    expect(await refreshAhead()).toBe(0);
    expect(await credential()).toMatchObject({ version: 1, failures: 1, minutes: 1 });
    expect(await state()).toBe('active');
    await database.owner.query('update credentials set refresh_retry_at = now()');
    await refreshAhead();
    expect(await credential()).toMatchObject({ failures: 2, minutes: 2 });
    google.clearFaults();
    await database.owner.query('update credentials set refresh_retry_at = now()');
    expect(await refreshAhead()).toBe(1);
    expect(await credential()).toMatchObject({ version: 2, failures: 0, minutes: null });
  });

  it('after the token has ended does not make the connection unsteady by itself', async () => {
    await given({ ends: -10 });
    google.fault({ path: '/token', status: 503, body: '' });
    await refreshAhead();
    expect(await state()).toBe('active');
  });

  it('for good moves the connection before anybody’s run fails at it', async () => {
    await given({ ends: 60 });
    google.revoke('olivia@northwind.example');
    await refreshAhead();
    expect(await state()).toBe('needs_reconsent');
    expect(posts()).toBe(1);
  });
});

describe('a connection that has answered badly', () => {
  const unsteady = (usedSecondsAgo: number) =>
    database.owner.query(
      `update connections set state = 'degraded', state_changed_at = now() - interval '11 minutes',
              last_used_at = now() - make_interval(secs => $1)`,
      [usedSecondsAgo],
    );
  const incidents = async () =>
    (await database.owner.query('select 1 from connection_incidents where ended_at is null'))
      .rowCount;

  it('and that nobody has used since is asked whether it works, before people are alarmed', async () => {
    await unsteady(660);
    expect(await noticeUnsteady()).toBe(0);
    expect(await state()).toBe('active');
    expect(await incidents()).toBe(0);
  });

  it('and still does is told, and is well again without anybody’s use', async () => {
    await unsteady(660);
    google.fault({ path: '/v1/userinfo', status: 503, body: '' });
    expect(await noticeUnsteady()).toBe(1);
    google.clearRequests();
    expect(await noticeUnsteady()).toBe(0);
    expect(google.requests({ path: '/v1/userinfo' })).toEqual([]);
    google.clearFaults();
    await unsteady(660);
    await noticeUnsteady();
    expect([await state(), await incidents()]).toEqual(['active', 0]);
  });

  it('in the calls that are made is not excused by one that would not fail', async () => {
    await unsteady(30);
    expect(await noticeUnsteady()).toBe(1);
    expect(google.requests()).toEqual([]);
    expect(await state()).toBe('degraded');
  });
});

describe('a fault of our own client', () => {
  it('is tried by the schedule when nobody asks for anything, and ends so', async () => {
    await given({ ends: 60 });
    google.fault({ path: '/token', status: 401, body: { error: 'invalid_client' } });
    await refreshAhead();
    expect(await state()).toBe('active');
    const open = async () =>
      (await database.owner.query('select 1 from provider_app_faults where cleared_at is null'))
        .rowCount;
    expect(await open()).toBe(1);
    const turn = () => database.owner.query('update provider_app_faults set probe_at = now()');
    await turn();
    await probeFaults();
    expect(await open()).toBe(1);
    google.clearFaults();
    await turn();
    await probeFaults();
    expect(await open()).toBe(0);
  });

  it('is tried by one organisation as by another, however much the one is in use', async () => {
    await given({ ends: 60 });
    const busy = await testMember(database);
    for (const account of ['victor@northwind.example', 'omar@fabrikam.example']) {
      await connect(busy, account);
    }
    await database.owner.query('update connections set last_used_at = now() where tenant_id = $1', [
      busy.tenantId,
    ]);
    const tried = new Set<string>();
    for (let turn = 0; turn < 40; turn += 1) {
      tried.add((await upkeep.connectionToProbe('google'))?.tenantId ?? '');
    }
    expect(tried).toEqual(new Set([context.tenantId, busy.tenantId]));
  });
});
