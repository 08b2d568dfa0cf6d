import { type PlatformTransaction, type TenantId, type UserId, withPlatform } from '@/db';
import type { StaffContext } from '@/lib/access';
import {
  type Approval,
  type ApprovalKind,
  noteFailure,
  noteOutcome,
  type Taken,
  takeApproval,
} from '@/lib/approvals';
import { changeStaff } from '@/lib/auth';
import { found, PublicError } from '@/lib/errors';
import { shredKeys } from '@/lib/keys';
import { deleteAsApproved } from '@/lib/lifecycle';
import { lookAsStaff } from '@/lib/platform';
import { letMend } from '@/lib/support';
import { VaultError } from '@/lib/vault';
import { nameOfStaff } from './names';

/** Who approved it, whoever presses the button: theirs is the name on the record. */
type Approver = Pick<StaffContext, 'userId' | 'name' | 'requestId'>;

/**
 * Carries out what was approved, in the transaction that took the approval: when it throws, the
 * approval has not been used. Whatever it does beyond that transaction must bear to be done again.
 * @returns what came of it, in words
 */
type Carrier<Kind extends ApprovalKind> = (
  approver: Approver,
  taken: Taken<Kind>,
  tx: PlatformTransaction,
) => Promise<string>;

/** On the tenant's record under the name of who approved it, beside the approval that says who asked. */
async function shred(
  { userId, name, requestId }: Approver,
  { tenantId }: Taken<'keys.shred'>,
): Promise<string> {
  const by = { actor: { type: 'staff', id: userId, name }, requestId } as const;
  const { keys, backupsToo } = await shredKeys(found(tenantId ?? undefined), by);
  const count = keys === 1 ? '1 key' : `${keys} keys`;
  const backups = backupsToo
    ? 'No backup of the database holds any of them.'
    : 'Backups of the database from before still hold them, until they expire.';
  return `${count} destroyed. ${backups}`;
}

async function staffChange(
  approver: Approver,
  { subject, askedBy }: Taken<'staff.change'>,
  tx: PlatformTransaction,
): Promise<string> {
  const by = `${await nameOfStaff(tx, askedBy)} and ${approver.name}`;
  const wish = { ...subject, userId: subject.userId as UserId };
  return changeStaff(wish, by, { requestId: approver.requestId });
}

/** Who carries out what. A kind that is not here is used by whoever asked. */
const carriers: { readonly [Kind in ApprovalKind]?: Carrier<Kind> } = {
  'keys.shred': shred,
  'staff.change': staffChange,
  'tenant.delete': (_approver, taken, tx) => deleteAsApproved(tx, taken),
  'support.write': (approver, { tenantId, subject }) =>
    letMend(approver, {
      tenantId: found(tenantId ?? undefined),
      sessionId: subject.sessionId as Parameters<typeof letMend>[1]['sessionId'],
    }),
};

/** What may be told of a failure. */
function failureOf(error: unknown): string {
  if (error instanceof PublicError || error instanceof VaultError) return error.message;
  return 'Something went wrong on our side; nothing was done.';
}

/**
 * Carry out what was approved, once: of several at the same time one does it. A failure is noted with
 * the approval, which can be tried again until it expires, by whoever sees it.
 * @returns what came of it, in words
 * @throws PublicError `conflict` when it was carried out, was not approved or has expired
 */
export async function carryOut<Kind extends ApprovalKind>(
  staff: StaffContext,
  approval: Pick<Approval, 'id' | 'tenantId'> & { readonly kind: Kind },
): Promise<string> {
  const { id, kind, tenantId } = approval;
  const carrier = carriers[kind] as Carrier<Kind> | undefined;
  if (!carrier) return 'It can be used now.';
  const filter = { approval: id, kind };
  const look = { action: 'approval.carried_out', ...withTenantId(tenantId), filter } as const;
  try {
    return await lookAsStaff(staff, look, (platform) =>
      // Within it, since a refused look is kept: what it took must not be.
      platform.transaction(async (tx) => {
        const taken = await takeApproval(tx, staff, { kind, id });
        const userId = taken.decidedBy;
        const name = await nameOfStaff(tx, userId);
        const approver = { userId, name, requestId: staff.requestId };
        const outcome = await carrier(approver, taken, tx);
        await noteOutcome(tx, id, outcome);
        return outcome;
      }),
    );
  } catch (error) {
    await withPlatform((tx) => noteFailure(tx, id, failureOf(error)));
    throw error;
  }
}

/** For a look: the tenant, where there is one. */
export const withTenantId = (tenantId: TenantId | null): { readonly tenantId?: TenantId } =>
  tenantId === null ? {} : { tenantId };
