import { type SessionClaims, staffRoleOf } from '@/lib/auth';
import { logger } from '@/lib/observability';
import type { RequestFacts } from '@/lib/request';
import { recordDenial } from './denial';
import { memberOf } from './member';
import { recordOutsider } from './outsider';

/**
 * Put on record that a member, or somebody who was one, asked for the support console, which was answered as an address that
 * does not exist. Who they are is the database's word, as everywhere; somebody who became staff after
 * signing in is refused nothing that is not theirs. Runs beside the answer and never fails.
 */
export async function recordHiddenPlace(claims: SessionClaims, facts: RequestFacts): Promise<void> {
  try {
    if (await staffRoleOf(claims)) return;
    const member = await memberOf(claims, facts);
    if (member) await recordDenial(facts, member, 'not_staff');
    else await recordOutsider(Promise.resolve(claims), facts, 'not_staff');
  } catch (error) {
    logger.error({ err: error, request_id: facts.requestId }, 'A denial could not be recorded');
  }
}
