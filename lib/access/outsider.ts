import { eq, withIdentity } from '@/db';
import { type DenialReason, users } from '@/db/schema';
import type { SessionClaims } from '@/lib/auth';
import { logger } from '@/lib/observability';
import type { RequestFacts } from '@/lib/request';
import type { Asked } from './asked';
import { recordDenial } from './denial';

async function record(
  claims: SessionClaims,
  facts: RequestFacts,
  reason: DenialReason,
  asked: Asked | undefined,
): Promise<void> {
  const { userId } = claims;
  const tenantId = claims.support?.tenantId ?? claims.tenantId;
  const [person] = await withIdentity((tx) =>
    tx
      .select({ name: users.name, email: users.email, sessionVersion: users.sessionVersion })
      .from(users)
      .where(eq(users.id, userId))
      .limit(1),
  );
  if (person?.sessionVersion !== claims.sessionVersion) return;
  if (tenantId === null) {
    // There is no record that it would belong to.
    logger.warn({ user_id: userId, reason }, 'Somebody without a tenant was refused');
    return;
  }
  const actor = { type: 'member', id: userId, name: person.name } as const;
  await recordDenial(facts, { tenantId, userId, actor, email: person.email }, reason, {}, asked);
}

/**
 * Put on record that somebody was refused who is no member of the tenant that their token names: they
 * were removed, or it is suspended. It is that tenant's record, since the token was sealed by us. Of
 * a session that was ended, as by signing out, and of no token at all nothing is kept. To be left to
 * itself: the answer does not wait for it, and it never fails.
 */
export async function recordOutsider(
  claimed: Promise<SessionClaims | null>,
  facts: RequestFacts,
  reason: DenialReason,
  asked?: Asked,
): Promise<void> {
  try {
    const claims = await claimed;
    if (claims) await record(claims, facts, reason, asked);
  } catch (error) {
    logger.error({ err: error, reason }, 'A denial could not be recorded');
  }
}
