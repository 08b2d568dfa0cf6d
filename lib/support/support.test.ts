import { beforeEach, describe, expect, it } from 'vitest';
import { newId, type SupportSessionId, type TenantId, withPlatform } from '@/db';
import { approvals, staffAccessLogs } from '@/db/schema';
import type { StaffContext } from '@/lib/access';
import { staffMember } from '@/lib/access/testing';
import { resumeTenant, suspendTenant } from '@/lib/platform';
import { endSupport, type MemberContext } from '@/lib/tenancy';
import {
  askForSupport,
  askToMend,
  decideSupport,
  endSupportNow,
  letMend,
  listSupportSessions,
  readSupportDesk,
  resumeSupport,
  setSupportAccess,
  startSupport,
  stopSupport,
  supportNow,
} from '.';
import { reason, supportWorld } from './testing';

const world = supportWorld();
const { database, run, start, ask, events, code } = world;
const endingOf = async (id: SupportSessionId) =>
  (await run('select ending from support_sessions where id = $1', id)).rows[0]?.ending;
let tenantId: TenantId;
let owner: MemberContext;
let sam: StaffContext;
beforeEach(() => {
  ({ tenantId, owner, sam } = world);
});

describe('a support session', () => {
  it('begins and ends on the record of the tenant, under the name of the staff', async () => {
    const id = await start();
    expect(await ask(id)).toMatchObject({
      entry: { staffName: 'Sam Support', reason, ticket: 'T-1', mends: false },
      tenantName: 'Acme',
    });
    await stopSupport(sam, tenantId);
    expect(await ask(id)).toBeNull();
    expect(await events()).toEqual([
      'support.started staff Sam Support',
      'support.ended staff Sam Support',
    ]);
    const looks = await withPlatform((tx) => tx.select().from(staffAccessLogs));
    expect(looks.filter((look) => look.tenantId === tenantId).map(({ action }) => action)).toEqual([
      'support.started',
      'support.stopped',
    ]);
  });

  it('is of one person, in one tenant, at one version of their sessions', async () => {
    const id = await start();
    const other = await staffMember(database, 'Other');
    expect(await ask(id, other)).toBeNull();
    const elsewhere = await database.createTenant('Other');
    expect(await ask(id, sam, elsewhere)).toBeNull();
    await stopSupport(other, tenantId);
    expect(await code(resumeSupport(other, tenantId))).toBe('conflict');
    expect(await resumeSupport(sam, tenantId)).toBe(id);
    expect(await ask(id)).not.toBeNull();
  });

  it.each([
    ['time', `update support_sessions set ends_at = now() where tenant_id = $1`],
    // However far ahead a row says: it began half an hour ago.
    [
      'time',
      `update support_sessions set created_at = now() - interval '30 minutes', ends_at = now() + interval '1 day' where tenant_id = $1`,
    ],
    ['tenant_not_active', `update tenants set state = 'suspended' where id = $1`],
    ['staff_changed', `delete from staff where user_id = $2 and $1::uuid is not null`],
    [
      'staff_changed',
      `update staff set role = 'platform_admin' where user_id = $2 and $1::uuid is not null`,
    ],
    ['signed_out', `update users set session_version = 2 where id = $2 and $1::uuid is not null`],
  ])('is over with the next request: %s', async (ending, change) => {
    const id = await start();
    await run(change, ...(change.includes('$2') ? [tenantId, sam.userId] : [tenantId]));
    expect(await ask(id)).toBeNull();
    expect(await endingOf(id)).toBe(ending);
    expect((await events()).at(-1)).toBe('support.ended system Tenantry');
    // Once, however often it is asked for.
    expect(await ask(id)).toBeNull();
    expect(await endSupport(tenantId, id, 'time')).toBe(false);
    expect((await events()).filter((each) => each.startsWith('support.ended'))).toHaveLength(1);
  });

  it('is not taken up again after the tenant was suspended and resumed', async () => {
    const id = await start();
    await run(`update tenants set state = 'suspended' where id = $1`, tenantId);
    await ask(id);
    await run(`update tenants set state = 'active' where id = $1`, tenantId);
    expect(await ask(id)).toBeNull();
  });

  it('ends in the moment that its tenant is suspended, and stays so', async () => {
    const id = await start();
    const admin = await staffMember(database, 'Anna Admin', { role: 'platform_admin' });
    const why = { reason: 'Not paid', notice: 'Please call us' };
    await suspendTenant(admin, { tenantId, ...why, confirm: 'Acme' });
    await resumeTenant(admin, { tenantId, reason: 'Paid' });
    expect(await endingOf(id)).toBe('tenant_not_active');
    expect(await ask(id)).toBeNull();
  });

  it('is seen by the tenant, whose owner ends it', async () => {
    const id = await start();
    const { sessions } = await supportNow(owner);
    expect(sessions).toMatchObject([{ staffName: 'Sam Support', reason, open: true }]);
    expect(JSON.stringify(sessions)).not.toContain(sam.userId);
    await endSupportNow(owner, id);
    expect(await ask(id)).toBeNull();
    expect(await code(endSupportNow(owner, id))).toBe('conflict');
    expect(await code(endSupportNow(owner, newId<SupportSessionId>()))).toBe('not_found');
    expect(await listSupportSessions(owner)).toMatchObject([
      { ending: 'ended_by_tenant', endedName: 'Olga Owner', open: false },
    ]);
  });

  it('is one at a time for a person, and none in a tenant that is suspended', async () => {
    await start();
    expect(await code(start())).toBe('conflict');
    expect(await code(start(await staffMember(database, 'Other')))).toBe('ok');
    await run(`update tenants set state = 'suspended' where id = $1`, tenantId);
    expect(await code(start(await staffMember(database, 'Third')))).toBe('conflict');
    const nowhere = startSupport(sam, { tenantId: newId<TenantId>(), reason, ticket: undefined });
    expect(await code(nowhere)).toBe('not_found');
  });
});

describe('a tenant that wants to be asked', () => {
  beforeEach(() => setSupportAccess(owner, 'ask'));

  it('is looked into only after an owner said yes, once', async () => {
    expect(await code(start())).toBe('conflict');
    const requestId = await askForSupport(sam, { tenantId, reason, ticket: undefined });
    expect(await code(start())).toBe('conflict');
    const mails = await run('select recipient from mails where tenant_id = $1', tenantId);
    expect(mails.rows).toEqual([{ recipient: owner.email }]);
    expect((await supportNow(owner)).requests).toMatchObject([{ state: 'waiting', reason }]);
    expect((await supportNow({ ...owner, role: 'viewer' })).requests).toEqual([]);
    await decideSupport(owner, { requestId, decision: 'approve' });
    expect(await readSupportDesk(sam, tenantId)).toMatchObject({ access: 'ask', mayStart: true });
    // Of another person's question nobody else makes use.
    expect(await code(start(await staffMember(database, 'Other')))).toBe('conflict');
    await start();
    await stopSupport(sam, tenantId);
    expect(await code(start())).toBe('conflict');
    expect(await events()).toEqual([
      'support.access_changed member Olga Owner',
      'support.asked staff Sam Support',
      'support.approved member Olga Owner',
      'support.started staff Sam Support',
      'support.ended staff Sam Support',
    ]);
  });

  it('is not looked into when an owner said no, or nobody answered in time', async () => {
    const wish = { tenantId, reason, ticket: undefined };
    const declined = await askForSupport(sam, wish);
    expect(await code(askForSupport(sam, wish))).toBe('conflict');
    await decideSupport(owner, { requestId: declined, decision: 'decline' });
    expect(await code(start())).toBe('conflict');
    const late = await askForSupport(sam, wish);
    await run('update support_requests set expires_at = now() where id = $1', late);
    const tooLate = decideSupport(owner, { requestId: late, decision: 'approve' });
    expect(await code(tooLate)).toBe('conflict');
    const again = await askForSupport(sam, wish);
    await decideSupport(owner, { requestId: again, decision: 'approve' });
    await run('update support_requests set expires_at = now() where id = $1', again);
    expect(await code(start())).toBe('conflict');
  });

  it('does not answer for another tenant', async () => {
    const requestId = await askForSupport(sam, { tenantId, reason, ticket: undefined });
    const foreign = { ...owner, ...(await database.createTenant('Other')) };
    expect(await code(decideSupport(foreign, { requestId, decision: 'approve' }))).toBe(
      'not_found',
    );
  });
});

describe('mending', () => {
  it('takes a second person, and lasts as long as the session', async () => {
    const sessionId = await start();
    const session = { tenantId, sessionId };
    await askToMend(sam, { tenantId, reason: 'The run hangs; cancel it' });
    const [approval] = await withPlatform((tx) => tx.select().from(approvals));
    expect(approval).toMatchObject({
      kind: 'support.write',
      tenantId,
      subject: { sessionId, tenantName: 'Acme' },
    });
    const anna = await staffMember(database, 'Anna Admin', { role: 'platform_admin' });
    expect(await letMend(anna, session)).toContain('Sam Support');
    expect((await ask(sessionId))?.entry.mends).toBe(true);
    expect((await events()).slice(-2)).toEqual([
      'support.write_asked staff Sam Support',
      'support.write_granted staff Anna Admin',
    ]);
    await stopSupport(sam, tenantId);
    expect(await code(letMend(anna, session))).toBe('conflict');
    expect(await code(askToMend(sam, { tenantId, reason: 'Once more' }))).toBe('conflict');
  });

  it('is nobody’s to ask for in another’s session', async () => {
    await start();
    const other = await staffMember(database, 'Other');
    expect(await code(askToMend(other, { tenantId, reason }))).toBe('conflict');
  });
});
