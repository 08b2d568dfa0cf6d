import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type TenantId, type UserId, withIdentity } from '@/db';
import { testDatabase } from '@/db/testing';
import { PublicError } from '@/lib/errors';
import { loadMembership } from '@/lib/tenancy';
import { holdTestKey } from '@/lib/vault/testing';
import { authenticate } from './credentials';
import { countAttempt } from './limits';
import { personByEmail } from './people';
import { signUp } from './sign-up';

vi.stubEnv('LOG_LEVEL', 'silent');
const database = testDatabase();
const password = 'a walk along the pier';
const facts = { requestId: 'req-1', ipAddress: '203.0.113.7', userAgent: 'a browser' };
const jo = { email: 'jo@harbour.example', name: 'Jo Miller', password, tenantName: 'Harbour' };

beforeAll(() => holdTestKey());
beforeEach(async () => {
  await database.owner.query(
    'truncate tenants, users, memberships, tenant_keys, audit_events, rate_limits cascade',
  );
});

afterEach(() => void vi.useRealTimers());

const refusal = (attempt: Promise<unknown>): Promise<PublicError> =>
  attempt.then(
    () => expect.unreachable('it was not refused'),
    (error: unknown) => (error instanceof PublicError ? error : Promise.reject(error)),
  );
const count = async (table: string): Promise<number> => {
  const { rows } = await database.owner.query(`select count(*)::int as n from ${table}`);
  return rows[0].n;
};

describe('signing up', () => {
  it('is held up after a hundred accounts from a network', async () => {
    await database.owner.query(
      'insert into rate_limits (key, points, expire) values ($1, 100, $2)',
      [`sign-up-address:${facts.ipAddress}`, Date.now() + 60_000],
    );
    const error = await refusal(signUp(jo, facts));
    expect(error).toMatchObject({ code: 'rate_limited' });
    expect(error.retryAfterSeconds).toBeGreaterThan(0);
    expect(await count('users')).toBe(0);
    await signUp(jo, { ...facts, ipAddress: '203.0.113.8' });
  });

  it('makes the person, their organisation with its key, and the record of it', async () => {
    const { userId, tenantId } = await signUp(jo, facts);
    expect(await loadMembership(tenantId, userId)).toEqual({
      role: 'owner',
      name: 'Jo Miller',
      email: 'jo@harbour.example',
      tenantName: 'Harbour',
      tenantState: 'active',
      sessionVersion: 1,
    });
    const { rows } = await database.owner.query(
      'select action, actor_id, ip_address, user_agent, request_id from audit_events',
    );
    expect(rows).toEqual([
      {
        action: 'tenant.created',
        actor_id: userId,
        ip_address: '203.0.113.7',
        user_agent: 'a browser',
        request_id: 'req-1',
      },
    ]);
    expect(await count('tenant_keys')).toBe(1);
  });

  it('refuses an address that has an account, and makes nothing', async () => {
    await signUp(jo, facts);
    const error = await refusal(signUp({ ...jo, tenantName: 'Another' }, facts));
    expect(error.code).toBe('conflict');
    expect(error.fields).toHaveProperty('email');
    expect(await count('tenants')).toBe(1);
  });

  it('lets one of several at once have the address', async () => {
    const attempts = await Promise.allSettled(
      Array.from({ length: 8 }, (_, index) => signUp({ ...jo, tenantName: `No ${index}` }, facts)),
    );
    expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect([await count('users'), await count('tenants'), await count('memberships')]).toEqual([
      1, 1, 1,
    ]);
  });

  it('leaves nothing behind when the record cannot be written', async () => {
    await database.owner.query('revoke insert on audit_events from tenantry_identity');
    try {
      await expect(signUp(jo, facts)).rejects.toThrow(/permission denied/);
      expect([await count('users'), await count('tenants'), await count('tenant_keys')]).toEqual([
        0, 0, 0,
      ]);
    } finally {
      await database.owner.query('grant insert on audit_events to tenantry_identity');
    }
  });

  it('refuses a guessable password before anything else', async () => {
    const error = await refusal(signUp({ ...jo, password: 'harbour12345' }, facts));
    expect(error.fields).toHaveProperty('password');
    expect(await count('users')).toBe(0);
  });
});

describe('a password sign-in', () => {
  const signIn = (given: Partial<typeof jo> = {}, ipAddress = '203.0.113.7') =>
    authenticate({ email: jo.email, password, ...given }, { ...facts, ipAddress });

  it('gives the person for the right password', async () => {
    const { userId } = await signUp(jo, facts);
    expect(await signIn()).toBe(userId);
  });

  it('says the same for a wrong password and an unknown address', async () => {
    await signUp(jo, facts);
    const wrong = await refusal(signIn({ password: 'not the password' }));
    const unknown = await refusal(signIn({ email: 'nobody@harbour.example' }));
    expect(wrong.code).toBe('unauthenticated');
    expect([unknown.code, unknown.message]).toEqual([wrong.code, wrong.message]);
  });

  it('refuses a person without a password, whatever is given', async () => {
    const tenant = await database.createTenant();
    const { email } = await database.createMember(tenant);
    expect((await refusal(signIn({ email }))).code).toBe('unauthenticated');
  });

  it('is held up after ten attempts on an account, with the time to wait, right password or not', async () => {
    // Ten attempts take a second, or a minute where the machine is busy.
    vi.useFakeTimers({ toFake: ['Date'] });
    await signUp(jo, facts);
    for (let attempt = 0; attempt < 10; attempt += 1) await refusal(signIn({ password: 'wrong' }));
    const error = await refusal(signIn());
    expect(error.code).toBe('rate_limited');
    expect(error.message).toMatch(/with this address\. Try again in 15 minutes\./);
    expect(error.retryAfterSeconds).toBeGreaterThan(890);
  });

  it('is held up the same for an account that does not exist', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const email = 'nobody@harbour.example';
    for (let attempt = 0; attempt < 10; attempt += 1) await refusal(signIn({ email }));
    expect((await refusal(signIn({ email }))).message).toMatch(/Try again in 15 minutes\./);
  });

  it('starts the account afresh when it succeeds', async () => {
    await signUp(jo, facts);
    for (let round = 0; round < 3; round += 1) {
      for (let attempt = 0; attempt < 9; attempt += 1) await refusal(signIn({ password: 'wrong' }));
      await signIn();
    }
  });

  it('is held up after sixty attempts from a network, whatever the accounts', async () => {
    for (let attempt = 0; attempt < 60; attempt += 1) {
      await countAttempt(`person-${attempt}@harbour.example`, '203.0.113.9');
    }
    const error = await refusal(signIn({ email: 'one-more@harbour.example' }, '203.0.113.9'));
    expect(error.message).toMatch(/from your network\. Try again in 15 minutes\./);
    await refusal(signIn({}, '203.0.113.10')).then(({ code }) =>
      expect(code).toBe('unauthenticated'),
    );
  });

  it('counts attempts sent at once one by one', async () => {
    const attempts = await Promise.allSettled(
      Array.from({ length: 25 }, () => countAttempt(jo.email, undefined)),
    );
    expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
  });

  it('takes as long for an unknown address as for a wrong password', async () => {
    await signUp(jo, facts);
    const person = await withIdentity((tx) => personByEmail(tx, jo.email));
    expect(person?.passwordHash).toMatch(/^\$argon2id\$/);
    // Of the processor, since a clock would also measure what else it is at.
    const time = async (email: string) => {
      const from = process.cpuUsage();
      await refusal(signIn({ email, password: 'wrong' }));
      const { user, system } = process.cpuUsage(from);
      return user + system;
    };
    await time('warm-up@harbour.example');
    const pairs: [number, number][] = [];
    for (let round = 0; round < 5; round += 1) {
      pairs.push([await time(jo.email), await time(`nobody-${round}@harbour.example`)]);
    }
    const median = (values: number[]) => values.sort((a, b) => a - b)[2] ?? 0;
    const [known, unknown] = [median(pairs.map(([a]) => a)), median(pairs.map(([, b]) => b))];
    // A hash takes tens of milliseconds; leaving it out would take a tenth of the time.
    expect(unknown / known).toBeGreaterThan(0.4);
    expect(unknown / known).toBeLessThan(2.5);
  });
});

describe('a membership', () => {
  it('is not there for another tenant, an unknown person, or after removal', async () => {
    const { userId, tenantId } = await signUp(jo, facts);
    const other = await database.createTenant('Other');
    const nowhere = '01980000-0000-7000-8000-000000000000';
    expect(await loadMembership(other.tenantId, userId)).toBeNull();
    expect(await loadMembership(tenantId, nowhere as UserId)).toBeNull();
    expect(await loadMembership(nowhere as TenantId, userId)).toBeNull();
    await database.owner.query('delete from memberships');
    expect(await loadMembership(tenantId, userId)).toBeNull();
  });

  it('shows a changed role, a suspension and an ended session at once', async () => {
    const { userId, tenantId } = await signUp(jo, facts);
    await database.owner.query(`update memberships set role = 'viewer'`);
    await database.owner.query(`update tenants set state = 'suspended'`);
    await database.owner.query('update users set session_version = 2');
    expect(await loadMembership(tenantId, userId)).toMatchObject({
      role: 'viewer',
      tenantState: 'suspended',
      sessionVersion: 2,
    });
  });
});
