import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type UserId, withIdentity } from '@/db';
import { testDatabase } from '@/db/testing';
import { holdTestKey } from '@/lib/vault/testing';
import {
  beginEnrolment,
  confirmEnrolment,
  factorState,
  hasFactor,
  openEnrolment,
  proveFactor,
  removeFactor,
  renewRecoveryCodes,
  resetFactor,
  standInCode,
} from '.';
import { codeOf, currentStep, stepOf } from './totp';

vi.stubEnv('LOG_LEVEL', 'silent');
const database = testDatabase();
const facts = { requestId: 'req-1' };
const email = 'jo@harbour.example';
let userId: UserId;
let tenantId: string;

beforeAll(() => holdTestKey());
beforeEach(async () => {
  // A code holds for half a minute: none ends while a test runs.
  vi.useFakeTimers({ toFake: ['Date'] });
  await database.owner.query('truncate users, rate_limits cascade');
  const tenant = await database.createTenant();
  tenantId = tenant.tenantId;
  ({ userId } = await database.createMember(tenant, { email }));
});

afterEach(() => void vi.useRealTimers());

async function begun(): Promise<string> {
  await beginEnrolment(userId);
  const open = await openEnrolment({ userId, email });
  return (open?.secret ?? '').replaceAll(' ', '');
}

/** Set up, with the code of the step before: the present one and the next are left. */
async function enrolled() {
  const secret = await begun();
  const { recoveryCodes } = await confirmEnrolment(
    userId,
    codeOf(secret, currentStep() - 1),
    facts,
  );
  return { secret, recoveryCodes };
}

const recorded = async () => {
  const { rows } = await database.owner.query<{ action: string }>(
    'select action from audit_events where tenant_id = $1 order by id',
    [tenantId],
  );
  return rows.map(({ action }) => action);
};
const sessionVersion = async () =>
  (await database.owner.query('select session_version from users where id = $1', [userId])).rows[0]
    .session_version;

describe('setting up', () => {
  it('counts from the first right code on, ends all sessions and is on record', async () => {
    const secret = await begun();
    expect(await hasFactor(userId)).toBe(false);
    const code = codeOf(secret, currentStep());
    const { recoveryCodes, sessionVersion: version } = await confirmEnrolment(userId, code, facts);
    expect(await hasFactor(userId)).toBe(true);
    expect(new Set(recoveryCodes).size).toBe(10);
    expect([version, await sessionVersion()]).toEqual([2, 2]);
    expect(await recorded()).toEqual(['factor.switched_on']);
    expect(await openEnrolment({ userId, email })).toBeNull();
  });

  it('shows an address that names the product and the person, and the same as a QR code', async () => {
    await beginEnrolment(userId);
    const open = await openEnrolment({ userId, email });
    expect(open?.address).toMatch(/^otpauth:\/\/totp\/Tenantry:jo%40harbour\.example\?/);
    expect(open?.qr.size).toBeGreaterThan(29);
    expect(open?.qr.path).toMatch(/^(M\d+ \d+h\d+v1h-\d+z)+$/);
  });

  it('keeps the secret sealed, and the recovery codes as hashes', async () => {
    const { secret, recoveryCodes } = await enrolled();
    const { rows } = await database.owner.query(
      'select f.*, r.* from second_factors f join recovery_codes r using (user_id)',
    );
    const stored = JSON.stringify(rows);
    for (const shown of [secret, ...recoveryCodes]) expect(stored).not.toContain(shown);
  });

  it('refuses a wrong code, and a second factor over one that is there', async () => {
    await begun();
    await expect(confirmEnrolment(userId, '000000', facts)).rejects.toMatchObject({
      code: 'forbidden',
    });
    expect(await hasFactor(userId)).toBe(false);
    await enrolled();
    await expect(beginEnrolment(userId)).rejects.toMatchObject({ code: 'conflict' });
  });
});

describe('a code of the app', () => {
  it('is taken once, and none before it afterwards', async () => {
    const { secret } = await enrolled();
    const step = currentStep();
    await proveFactor(userId, codeOf(secret, step), facts);
    for (const old of [step, step - 1]) {
      await expect(proveFactor(userId, codeOf(secret, old), facts)).rejects.toMatchObject({
        code: 'forbidden',
      });
    }
  });

  it('is taken once when two give it at the same time', async () => {
    const { secret } = await enrolled();
    const code = codeOf(secret, currentStep());
    const both = await Promise.allSettled([
      proveFactor(userId, code, facts),
      proveFactor(userId, code, facts),
    ]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  it('is of the present step, the one before or after, and no other', () => {
    const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
    const now = 1_700_000_000_000;
    const step = currentStep(now);
    const taken = [-2, -1, 0, 1, 2].map((delta) =>
      stepOf(secret, codeOf(secret, step + delta), now),
    );
    expect(taken).toEqual([null, step - 1, step, step + 1, null]);
  });

  it('is the one of RFC 6238, appendix B', () => {
    // "12345678901234567890" at 59 s, the last six of 94287082.
    expect(codeOf('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ', 1)).toBe('287082');
  });

  it('may be typed with blanks', async () => {
    const { secret } = await enrolled();
    const code = codeOf(secret, currentStep());
    await proveFactor(userId, ` ${code.slice(0, 3)} ${code.slice(3)} `, facts);
  });
});

describe('a recovery code', () => {
  it('opens once however it is typed, and is on record', async () => {
    const { recoveryCodes } = await enrolled();
    const [code = ''] = recoveryCodes;
    await proveFactor(userId, code.toUpperCase().replaceAll('-', ' '), facts);
    expect((await factorState(userId))?.recoveryCodesLeft).toBe(9);
    await expect(proveFactor(userId, code, facts)).rejects.toMatchObject({ code: 'forbidden' });
    expect(await recorded()).toEqual(['factor.switched_on', 'factor.recovery_used']);
  });

  it('is void once new ones were made', async () => {
    const { recoveryCodes } = await enrolled();
    const made = await renewRecoveryCodes(userId, recoveryCodes[0] ?? '', facts);
    await expect(proveFactor(userId, recoveryCodes[1] ?? '', facts)).rejects.toMatchObject({
      code: 'forbidden',
    });
    await proveFactor(userId, made[0] ?? '', facts);
  });
});

describe('trying', () => {
  it('ends after ten wrong codes, for the right one too', async () => {
    const { secret } = await enrolled();
    for (let tries = 0; tries < 10; tries += 1) {
      await expect(proveFactor(userId, '123 45', facts)).rejects.toMatchObject({
        code: 'forbidden',
      });
    }
    await expect(proveFactor(userId, codeOf(secret, currentStep()), facts)).rejects.toMatchObject({
      code: 'rate_limited',
    });
  });

  it('without a factor says that one is needed', async () => {
    await expect(proveFactor(userId, '123456', facts)).rejects.toMatchObject({
      code: 'second_factor_required',
    });
  });
});

describe('taking away', () => {
  it('one’s own takes a code, ends all sessions and is on record', async () => {
    const { secret } = await enrolled();
    await expect(removeFactor(userId, '000000', facts)).rejects.toMatchObject({
      code: 'forbidden',
    });
    await removeFactor(userId, codeOf(secret, currentStep()), facts);
    expect(await hasFactor(userId)).toBe(false);
    expect(await sessionVersion()).toBe(3);
    expect(await recorded()).toEqual(['factor.switched_on', 'factor.switched_off']);
  });

  it('somebody’s of the staff is on the staff’s record, with who did it', async () => {
    await database.owner.query("insert into staff (user_id, role) values ($1, 'support')", [
      userId,
    ]);
    const { recoveryCodes } = await enrolled();
    await withIdentity((tx) => resetFactor(tx, userId, 'the operator', facts));
    await expect(proveFactor(userId, recoveryCodes[0] ?? '', facts)).rejects.toMatchObject({
      code: 'second_factor_required',
    });
    const { rows } = await database.owner.query(
      'select user_id, action, details from staff_access_logs order by at, id',
    );
    expect(rows).toEqual([
      { user_id: userId, action: 'factor.switched_on', details: {} },
      { user_id: userId, action: 'factor.reset', details: { filter: { by: 'the operator' } } },
    ]);
  });
});

describe('the stand-in for an app', () => {
  it('shows codes that are taken one after the other, and then says how long to wait', async () => {
    await beginEnrolment(userId);
    // Half a minute has just begun.
    const now = Math.floor(Date.now() / 30_000) * 30_000;
    const first = await standInCode(userId, now);
    await confirmEnrolment(userId, first?.code ?? '', facts);
    for (const _further of [1, 2]) {
      const shown = await standInCode(userId, now);
      await proveFactor(userId, shown?.code ?? '', facts);
    }
    expect(await standInCode(userId, now)).toEqual({ code: null, waitSeconds: 30 });
  });

  it('shows nothing in production, and nothing of somebody without a factor', async () => {
    expect(await standInCode(userId)).toBeNull();
    await enrolled();
    expect(await standInCode(userId)).not.toBeNull();
    vi.stubEnv('TENANTRY_MODE', 'production');
    vi.resetModules();
    const { standInCode: inProduction } = await import('./stand-in');
    expect(await inProduction(userId)).toBeNull();
    vi.stubEnv('TENANTRY_MODE', 'demo');
  });
});
