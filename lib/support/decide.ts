import { and, eq, gt, isNull, sql, withTenant } from '@/db';
import { supportRequests } from '@/db/schema';
import { recordAudit } from '@/lib/audit';
import { notFound, PublicError } from '@/lib/errors';
import { hasFactor, proveFactor } from '@/lib/second-factor';
import type { MemberContext } from '@/lib/tenancy';
import { requestTarget } from './acting';
import { type DecideSupport, requestHours } from './contract';

/** An owner who has a second factor proves it now; one who has none is known by their session. */
async function requireCode(context: MemberContext, code: string | undefined): Promise<void> {
  if (!(await hasFactor(context.userId))) return;
  if (!code) {
    const message = 'Enter the code that your app shows now.';
    throw new PublicError('invalid_input', message, { fields: { code: message } });
  }
  await proveFactor(context.userId, code, context);
}

/**
 * Answer what support asked: a yes lets the person who asked begin one session within 24 hours.
 * @throws PublicError `not_found`; `conflict` when it was answered already or its time is up;
 *   `invalid_input`, `forbidden`, `rate_limited` for the code
 */
export async function decideSupport(
  context: MemberContext,
  { requestId, decision, code }: DecideSupport,
): Promise<void> {
  const { tenantId, userId, actor } = context;
  const own = and(eq(supportRequests.tenantId, tenantId), eq(supportRequests.id, requestId));
  const known = { staffName: supportRequests.staffName };
  await withTenant(context, async (tx) => {
    const [row] = await tx.select(known).from(supportRequests).where(own);
    if (!row) throw notFound();
  });
  if (decision === 'approve') await requireCode(context, code);
  await withTenant(context, async (tx) => {
    const [decided] = await tx
      .update(supportRequests)
      .set({
        decision: decision === 'approve' ? 'approved' : 'declined',
        decidedAt: sql`now()`,
        decidedBy: userId,
        decidedName: actor.name,
        expiresAt: sql`now() + make_interval(hours => ${requestHours}::integer)`,
      })
      .where(and(own, isNull(supportRequests.decision), gt(supportRequests.expiresAt, sql`now()`)))
      .returning(known);
    if (!decided) {
      throw new PublicError('conflict', 'This was answered already, or its time is up.');
    }
    await recordAudit(tx, context, {
      action: decision === 'approve' ? 'support.approved' : 'support.declined',
      target: requestTarget(requestId, decided.staffName),
      ...(decision === 'approve' ? { details: { forHours: requestHours } } : {}),
    });
  });
}
