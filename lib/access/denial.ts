import type { DenialReason } from '@/db/schema';
import { putOnRecord } from '@/lib/denials';
import type { RequestFacts } from '@/lib/request';
import type { MemberContext } from '@/lib/tenancy';
import type { Asked } from './asked';

export type DeniedMember = Pick<MemberContext, 'tenantId' | 'userId' | 'actor' | 'email'>;

/**
 * Put a refused access of a member on record. A failure to record does not change the answer.
 * @param asked the action's name and the ids asked for, where the address does not say it all
 */
export function recordDenial(
  facts: RequestFacts,
  member: DeniedMember,
  reason: DenialReason,
  details: Readonly<Record<string, unknown>> = {},
  asked?: Asked,
): Promise<void> {
  const isAction = asked?.form === 'action';
  return putOnRecord({
    tenantId: member.tenantId,
    actor: { userId: member.userId, name: member.actor.name, email: member.email },
    reason,
    method: isAction ? 'ACTION' : facts.method,
    path: (isAction && asked.name) || facts.path,
    requestId: facts.requestId,
    ipAddress: facts.ipAddress,
    userAgent: facts.userAgent,
    details: {
      ...(isAction ? { action: asked.name } : {}),
      ...(asked && Object.keys(asked.ids).length > 0 ? { asked: asked.ids } : {}),
      ...details,
      // It could be another request's, to lead whoever reads the record astray.
      ...(facts.requestIdGiven ? { requestIdBy: 'caller' } : {}),
    },
  });
}
