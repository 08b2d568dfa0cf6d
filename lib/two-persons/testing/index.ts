import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, beforeEach, vi } from 'vitest';
import { type ApprovalId, type TenantId, type UserId, withTenant } from '@/db';
import { type TestDatabase, testDatabase } from '@/db/testing';
import type { StaffContext } from '@/lib/access';
import { staffMember } from '@/lib/access/testing';
import { beginEnrolment, confirmEnrolment, standInCode } from '@/lib/second-factor';
import { createTenantKey } from '@/lib/vault';
import { holdTestKey } from '@/lib/vault/testing';
import { askToShred, decideOn } from '..';

export const reason = 'A customer asked for it';

/** Two platform admins and one of support, each with a second factor, and a tenant with a key. */
class TwoPersonsWorld {
  readonly database: TestDatabase;
  paula!: StaffContext;
  amir!: StaffContext;
  sam!: StaffContext;
  tenantId!: TenantId;
  readonly #codes = new Map<UserId, string[]>();

  constructor(database: TestDatabase) {
    this.database = database;
  }

  async open(): Promise<void> {
    await this.database.owner.query(
      'truncate users, tenants, tenant_keys, audit_events, approvals, staff_access_logs, rate_limits cascade',
    );
    this.#codes.clear();
    this.paula = await this.#member('Paula', 'platform_admin');
    this.amir = await this.#member('Amir', 'platform_admin');
    this.sam = await this.#member('Sam', 'support');
    const { tenantId } = await this.database.createTenant('Harbour');
    this.tenantId = tenantId;
    await withTenant({ tenantId }, (tx) => createTenantKey(tx, tenantId));
  }

  /** A recovery code that was not used: as fresh as any. */
  freshCode({ userId }: StaffContext): string {
    return this.#codes.get(userId)?.pop() ?? '';
  }

  decide(
    who: StaffContext,
    approvalId: ApprovalId,
    decision: 'approved' | 'declined' = 'approved',
    code = this.freshCode(who),
  ): Promise<string> {
    return decideOn(who, { approvalId, decision, note: 'Looked at the ticket', code });
  }

  /** Ask for the destruction of the tenant's keys. */
  askShred(who = this.sam, typed = 'Harbour'): Promise<ApprovalId> {
    return askToShred(who, { tenantId: this.tenantId, typed, reason });
  }

  async keysLeft(): Promise<number> {
    const { rows } = await this.database.owner.query<{ count: number }>(
      'select count(*)::int as count from tenant_keys',
    );
    return rows[0]?.count ?? 0;
  }

  /** What was asked for is approved, and not carried out. */
  async approvedByAmir(): Promise<void> {
    await this.database.owner.query(
      "update approvals set decision = 'approved', decided_by = $1, decided_at = now()",
      [this.amir.userId],
    );
  }

  async #member(name: string, role: StaffContext['role']): Promise<StaffContext> {
    const email = `${name.toLowerCase()}@support.example`;
    const member = await staffMember(this.database, name, { role, email });
    await beginEnrolment(member.userId);
    const shown = await standInCode(member.userId);
    const facts = { requestId: 'req-0' };
    const enrolled = await confirmEnrolment(member.userId, shown?.code ?? '', facts);
    this.#codes.set(member.userId, [...enrolled.recoveryCodes]);
    return member;
  }
}

/** A world for this test file, made anew before every test. */
export function twoPersonsWorld(): TwoPersonsWorld {
  vi.stubEnv('LOG_LEVEL', 'silent');
  vi.stubEnv('DATA_DIR', mkdtempSync(join(tmpdir(), 'tenantry-two-')));
  const world = new TwoPersonsWorld(testDatabase());
  beforeAll(() => holdTestKey());
  beforeEach(() => world.open());
  return world;
}
