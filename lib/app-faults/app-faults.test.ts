import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ConnectionId, newId, type UserId } from '@/db';
import { testDatabase } from '@/db/testing';
import { alertFunctions } from '@/lib/alerts';
import { providerClient } from '@/lib/connections';
import { connect, testGoogle, testMember } from '@/lib/connections/testing';
import { eventually, runEngine } from '@/lib/jobs/testing/harness';
import { RetryLater } from '@/lib/limits';
import { listOutbox, readOutboxMail } from '@/lib/mail';
import { ProviderError } from '@/lib/providers';
import type { MemberContext } from '@/lib/tenancy';
import { blamesUs, listAppFaults, noticeSuccess } from '.';
import { forgetFaults } from './gate';

vi.stubEnv('DATA_DIR', mkdtempSync(join(tmpdir(), 'tenantry-app-faults-')));
const account = 'olivia@northwind.example';
const google = testGoogle({ seed: { amounts: { [account]: { messages: 3, files: 3 } } } });
const database = testDatabase();
let context: MemberContext;
let connectionId: ConnectionId;

beforeAll(async () => {
  context = await testMember(database);
  const id = newId<UserId>();
  await database.owner.query(
    "insert into users (id, email, name) values ($1, 'sam@support.example', 'Sam')",
    [id],
  );
  await database.owner.query("insert into staff (user_id, role) values ($1, 'support')", [id]);
});
beforeEach(async () => {
  google.clearFaults();
  for (const table of ['connections', 'alerts', 'provider_app_faults', 'provider_app_doubts']) {
    await database.owner.query(`delete from ${table}`);
  }
  forgetFaults();
  connectionId = await connect(context);
  google.clearRequests();
});

const secretEnded = () =>
  google.fault({ path: '/token', status: 401, body: { error: 'invalid_client' } });
const expireTokens = () => database.owner.query('update credentials set access_expires_at = now()');
const look = async (id = connectionId) => {
  const client = await providerClient(context, id);
  return client.mail?.findLabel('Nothing of the sort');
};
const failure = async (work: Promise<unknown>) => work.catch((error: unknown) => error);
const tokenPosts = () => google.requests({ path: '/token' }).length;
const isTurn = () => database.owner.query('update provider_app_faults set probe_at = now()');
async function states() {
  const { rows } = await database.owner.query<{ state: string }>('select state from connections');
  return rows.map(({ state }) => state);
}
const faults = async () =>
  (
    await database.owner.query(
      'select code, area, seen, cleared_at is not null as over from provider_app_faults order by since, id',
    )
  ).rows;

describe('a fault of our own client', () => {
  it('puts work off, in plain words, and leaves the connection as it is', async () => {
    await expireTokens();
    secretEnded();
    const refusal = await failure(look());
    expect(refusal).toBeInstanceOf(RetryLater);
    expect(String(refusal)).toMatch(/Your connection is fine, and we are on it/);
    expect(await states()).toEqual(['active']);
    expect(await faults()).toEqual([
      { code: 'invalid_client', area: 'token', seen: 1, over: false },
    ]);
    const { rows } = await database.owner.query(
      'select count(*)::int as n from connection_incidents',
    );
    expect(rows).toEqual([{ n: 0 }]);
  });

  it('stops calls of everybody to that provider, also of those whose token lasts', async () => {
    const other = await connect(context, 'victor@northwind.example');
    google.clearRequests();
    await database.owner.query(
      'update credentials set access_expires_at = now() where connection_id = $1',
      [connectionId],
    );
    secretEnded();
    await failure(look());
    google.clearRequests();
    expect(await failure(look(other))).toBeInstanceOf(RetryLater);
    expect(google.requests()).toEqual([]);
  });

  it('lets one call at a time try whether it is over, ever less often up to a minute', async () => {
    await expireTokens();
    secretEnded();
    await failure(look());
    google.clearRequests();
    await isTurn();
    await Promise.all(Array.from({ length: 10 }, () => failure(look())));
    expect(tokenPosts()).toBe(1);
    for (let n = 0; n < 4; n += 1) {
      await isTurn();
      await failure(look());
    }
    const { rows } = await database.owner.query<{ s: number }>(
      'select extract(epoch from probe_at - now())::float8 as s from provider_app_faults',
    );
    expect(rows[0]?.s).toBeGreaterThan(50);
    expect(rows[0]?.s).toBeLessThanOrEqual(60);
  });

  it('is over with the first token that is given out, not with a call whose token lasts', async () => {
    await expireTokens();
    secretEnded();
    await failure(look());
    await noticeSuccess('google', 'api');
    expect(await listAppFaults()).toMatchObject([{ provider: 'google' }]);
    google.clearFaults();
    await isTurn();
    expect(await look()).toBeNull();
    expect(await listAppFaults()).toEqual([]);
    expect(await faults()).toMatchObject([{ over: true }]);
    expect(await states()).toEqual(['active']);
  });

  it('at the API is told apart from one at the token endpoint', async () => {
    google.fault({
      path: '/gmail/*',
      status: 403,
      body: { error: { code: 403, errors: [{ reason: 'accessNotConfigured' }] } },
    });
    expect(await failure(look())).toBeInstanceOf(RetryLater);
    expect(await faults()).toMatchObject([{ code: 'accessNotConfigured', area: 'api' }]);
    google.clearFaults();
    await isTurn();
    await look();
    expect(await faults()).toMatchObject([{ over: true }]);
  });

  it('opens one alert however many meet it, and staff get a mail within a minute, and another at its end', async () => {
    await runEngine(alertFunctions);
    await expireTokens();
    secretEnded();
    const from = Date.now();
    await Promise.all(Array.from({ length: 5 }, () => failure(look())));
    const told = await eventually(async () => {
      const [mail] = await listOutbox();
      expect(mail?.subject).toBe('[Tenantry] A provider refuses our own client');
      return readOutboxMail(mail?.id ?? '');
    });
    expect(Date.now() - from).toBeLessThan(60_000);
    expect(told).toMatchObject({ to: 'sam@support.example' });
    expect(told?.text).toMatch(/Google Workspace.*"invalid_client"/);
    const { rows } = await database.owner.query('select rule from alerts');
    expect(rows).toEqual([{ rule: 'provider_app_fault' }]);
    google.clearFaults();
    await isTurn();
    await look();
    await vi.waitFor(
      async () => {
        const subjects = (await listOutbox()).map(({ subject }) => subject);
        expect(subjects).toEqual([
          '[Tenantry] Google Workspace accepts our client again',
          '[Tenantry] A provider refuses our own client',
        ]);
      },
      { timeout: 90_000, interval: 100 },
    );
  });
});

describe('a refusal that may be an organisation’s policy', () => {
  const disabled = (doubtful = true, code = 'AADSTS7000112') =>
    new ProviderError('microsoft', 'oauth.refresh', {
      kind: 'blocked_by_policy',
      status: 400,
      code,
      ...(doubtful && { doubtful }),
    });
  const inMicrosoft = async () => {
    const member = await testMember(database);
    await database.owner.query(
      `insert into connections (tenant_id, id, provider, state, created_by)
       values ($1, $2, 'microsoft', 'active', $3)`,
      [member.tenantId, newId(), member.userId],
    );
    return member;
  };
  const block = ({ tenantId }: MemberContext) =>
    database.owner.query(
      `update connections set state = 'blocked_by_policy' where tenant_id = $1`,
      [tenantId],
    );

  it('is theirs while it meets one, and ours when it meets all', async () => {
    const [one, two] = [await inMicrosoft(), await inMicrosoft()];
    expect(await blamesUs(disabled(), one.tenantId)).toBeNull();
    await block(one);
    expect(await blamesUs(disabled(), one.tenantId)).toBeNull();
    expect(new Set(await blamesUs(disabled(), two.tenantId))).toEqual(
      new Set([one.tenantId, two.tenantId]),
    );
  });

  it('is theirs as long as somebody’s connection works', async () => {
    const [one, two] = [await inMicrosoft(), await inMicrosoft()];
    await inMicrosoft();
    await blamesUs(disabled(), one.tenantId);
    expect(await blamesUs(disabled(), two.tenantId)).toBeNull();
  });

  it('that leaves no doubt is nobody else’s', async () => {
    const one = await inMicrosoft();
    expect(await blamesUs(disabled(false, 'AADSTS53003'), one.tenantId)).toBeNull();
    const { rows } = await database.owner.query('select * from provider_app_doubts');
    expect(rows).toEqual([]);
  });
});
