import { and, eq, inArray, lt, type TenantContext, withTenant } from '@/db';
import { consentLinks, consentRequests } from '@/db/schema';

/** Rows of each that one transaction takes. */
const most = 1_000;

/**
 * Forget consents under way and links that have been over for long; what came of them stays on record.
 * @param before what ended earlier goes
 * @returns how many went; 0 when there is nothing left
 */
export function purgeConsents(context: TenantContext, before: Date): Promise<number> {
  const { tenantId } = context;
  return withTenant(context, async (tx) => {
    const flows = await tx
      .select({ id: consentRequests.id })
      .from(consentRequests)
      .where(and(eq(consentRequests.tenantId, tenantId), lt(consentRequests.expiresAt, before)))
      .limit(most);
    const links = await tx
      .select({ id: consentLinks.id })
      .from(consentLinks)
      .where(and(eq(consentLinks.tenantId, tenantId), lt(consentLinks.expiresAt, before)))
      .limit(most);
    if (flows.length > 0) {
      await tx.delete(consentRequests).where(
        and(
          eq(consentRequests.tenantId, tenantId),
          inArray(
            consentRequests.id,
            flows.map(({ id }) => id),
          ),
        ),
      );
    }
    if (links.length > 0) {
      await tx.delete(consentLinks).where(
        and(
          eq(consentLinks.tenantId, tenantId),
          inArray(
            consentLinks.id,
            links.map(({ id }) => id),
          ),
        ),
      );
    }
    return flows.length + links.length;
  });
}
