import { eq, type TenantContext, type TenantTransaction } from '@/db';
import { tenants } from '@/db/schema';
import { PublicError } from '@/lib/errors';
import { countAutomations, countMembers, limitsOf } from './tenant-limits';

const more = 'Ask our support for more.';

/** One at a time per organisation: two at once would both see the last free place. */
export async function oneAtATime(
  tx: TenantTransaction,
  { tenantId }: TenantContext,
): Promise<void> {
  await tx
    .select({ id: tenants.id })
    .from(tenants)
    .where(eq(tenants.id, tenantId))
    .for('no key update');
}

const number = (value: number) => value.toLocaleString('en');

/**
 * Let one more automation be made, or one that rests be switched on.
 * @param adding how many there will be more than now: none when one is switched on
 * @throws PublicError `conflict` with words on what to do
 */
export async function allowAutomation(
  tx: TenantTransaction,
  context: TenantContext,
  adding: 0 | 1,
): Promise<void> {
  await oneAtATime(tx, context);
  const { automations: most } = await limitsOf(context, tx);
  if ((await countAutomations(tx, context.tenantId)) + adding <= most) return;
  throw new PublicError(
    'conflict',
    `Your organisation may have ${number(most)} ${most === 1 ? 'automation' : 'automations'}, and has as many. Remove one that you do not need. ${more}`,
  );
}

/**
 * Let one more person be invited. To be asked with the organisation's row locked.
 * @throws PublicError `conflict` with words on what to do
 */
export async function allowMember(tx: TenantTransaction, context: TenantContext): Promise<void> {
  const { members: most } = await limitsOf(context, tx);
  if ((await countMembers(tx, context.tenantId)) < most) return;
  throw new PublicError(
    'conflict',
    `Your organisation may have ${number(most)} ${most === 1 ? 'member' : 'members'}, open invitations among them, and has as many. Remove somebody or withdraw an invitation. ${more}`,
  );
}
