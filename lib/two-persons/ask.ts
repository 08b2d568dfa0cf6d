import type { z } from 'zod';
import type { ApprovalId } from '@/db';
import type { StaffContext } from '@/lib/access';
import { askApproval, type StaffChange } from '@/lib/approvals';
import { type StaffCandidate, staffCandidate } from '@/lib/auth';
import { PublicError } from '@/lib/errors';
import { requireName } from '@/lib/lifecycle';
import { lookAsStaff } from '@/lib/platform';
import type { shredInput, staffChangeInput } from './contract';
import { nameOfTenant } from './names';

/**
 * Ask a second person to approve that a tenant's keys are destroyed.
 * @throws PublicError `not_found`; `invalid_input` for another name than the tenant's
 */
export function askToShred(
  staff: StaffContext,
  { tenantId, typed, reason }: z.output<typeof shredInput>,
): Promise<ApprovalId> {
  const kind = 'keys.shred';
  const look = { action: 'approval.asked', tenantId, filter: { kind } } as const;
  return lookAsStaff(staff, look, async (tx) => {
    const tenantName = await nameOfTenant(tx, tenantId);
    requireName(typed, tenantName);
    return askApproval(tx, staff, { kind, tenantId, subject: { tenantName }, reason });
  });
}

/** What a tenant is called, for the page that asks about it. @throws PublicError `not_found` */
export function tenantToAsk(staff: StaffContext, tenantId: Parameters<typeof nameOfTenant>[1]) {
  return lookAsStaff(staff, { action: 'tenant.opened', tenantId }, (tx) =>
    nameOfTenant(tx, tenantId),
  );
}

const unusable = (message: string) =>
  new PublicError('invalid_input', message, { fields: { email: message } });

type Wish = z.output<typeof staffChangeInput>;

/** The change as it is put before the second person. @throws PublicError `invalid_input` */
function changeOf(wish: Wish, { role: before, ...person }: StaffCandidate): StaffChange {
  if (wish.change === 'add') {
    if (before) throw unusable('They are staff already.');
    return { change: 'add', ...person, role: wish.role };
  }
  if (!before) throw unusable('They are no staff.');
  switch (wish.change) {
    case 'role':
      if (before === wish.role) throw unusable('That is their role already.');
      return { change: 'role', ...person, role: wish.role, before };
    case 'remove':
      return { change: 'remove', ...person, before };
    case 'reset-factor':
      return { change: 'reset-factor', ...person };
  }
}

/**
 * Ask a second person to approve a change to who is staff.
 * @throws PublicError `invalid_input` when nobody has the address, or it changes nothing
 */
export async function askStaffChange(staff: StaffContext, wish: Wish): Promise<ApprovalId> {
  const person = await staffCandidate(wish.email);
  const filter = { kind: 'staff.change', change: wish.change, email: wish.email } as const;
  return lookAsStaff(staff, { action: 'approval.asked', filter }, (tx) => {
    if (!person) throw unusable('Nobody has this address. They have to sign up first.');
    const subject = changeOf(wish, person);
    const { reason } = wish;
    return askApproval(tx, staff, { kind: 'staff.change', tenantId: null, subject, reason });
  });
}
