import { beforeEach } from 'vitest';
import type { SupportSessionId, TenantId } from '@/db';
import { type TestDatabase, testDatabase } from '@/db/testing';
import type { StaffContext } from '@/lib/access';
import { staffMember } from '@/lib/access/testing';
import { PublicError } from '@/lib/errors';
import { loadSupport, type MemberContext } from '@/lib/tenancy';
import { holdTestKey } from '@/lib/vault/testing';
import { startSupport } from '..';

export const reason = 'The nightly run does not start';

/** A tenant with an owner, and somebody of support. */
class SupportWorld {
  readonly database: TestDatabase;
  tenantId!: TenantId;
  owner!: MemberContext;
  sam!: StaffContext;

  constructor(database: TestDatabase) {
    this.database = database;
  }

  async open(): Promise<void> {
    const { tenantId } = await this.database.createTenant('Acme');
    const { userId, email } = await this.database.createMember({ tenantId }, { role: 'owner' });
    this.tenantId = tenantId;
    this.owner = {
      tenantId,
      tenantName: 'Acme',
      userId,
      email,
      role: 'owner',
      actor: { type: 'member', id: userId, name: 'Olga Owner' },
      requestId: 'request-2',
    };
    this.sam = await staffMember(this.database, 'Sam Support');
  }

  readonly run = (text: string, ...values: unknown[]) => this.database.owner.query(text, values);

  readonly start = (staff = this.sam) =>
    startSupport(staff, { tenantId: this.tenantId, reason, ticket: 'T-1' });

  /** What a request of somebody's in that session is told of it. */
  readonly ask = (sessionId: SupportSessionId, staff = this.sam, claims: object = {}) =>
    loadSupport({
      ...{ tenantId: this.tenantId, sessionId, userId: staff.userId, sessionVersion: 1 },
      ...claims,
    });

  /** The tenant's record, in words. */
  readonly events = async () => {
    const { rows } = await this.database.owner.query<
      Readonly<Record<'action' | 'actor_type' | 'actor_name', string>>
    >('select action, actor_type, actor_name from audit_events where tenant_id = $1 order by id', [
      this.tenantId,
    ]);
    return rows.map(
      ({ action, actor_type, actor_name }) => `${action} ${actor_type} ${actor_name}`,
    );
  };

  /** How something ended: `ok`, or the code of its error. */
  readonly code = (promise: Promise<unknown>) =>
    promise.then(
      () => 'ok',
      (error: unknown) => (error instanceof PublicError ? error.code : String(error)),
    );
}

/** A world for this test file, made anew before every test. */
export function supportWorld(): SupportWorld {
  const world = new SupportWorld(testDatabase());
  holdTestKey();
  beforeEach(() => world.open());
  return world;
}
