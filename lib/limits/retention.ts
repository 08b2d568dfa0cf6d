import { z } from 'zod';
import type { TenantId } from '@/db';
import type { KeptLonger } from '@/db/schema';
import { logger } from '@/lib/observability';
import {
  type LaterRetention,
  limitWords,
  retentionKeys,
  retentionNoticeDays,
  type TenantLimits,
} from './tenant-contract';
import type { RetentionSaid } from './tenant-limits';

const day = 86_400_000;
const ends = ({ until }: KeptLonger): number => Date.parse(until);

/** When owners had their notice of what is changed now. */
export const noticeEnds = (now: Date): Date => new Date(now.getTime() + retentionNoticeDays * day);

const mostDays = Math.max(...retentionKeys.map((key) => limitWords[key].most));
const stored = z.array(
  z.object({
    key: z.enum(retentionKeys),
    days: z.int().min(1).max(mostDays),
    until: z.iso.datetime(),
  }),
);

/**
 * What holds on, as the database has it. Where that cannot be read, everything is kept for as long as
 * can be until staff give limits anew: what went nobody brings back.
 */
export function readKeptLonger(
  tenantId: TenantId,
  value: unknown,
  now = new Date(),
): readonly KeptLonger[] {
  const read = stored.safeParse(value);
  if (read.success) return read.data;
  logger.error({ tenant_id: tenantId }, 'What is kept for longer cannot be read');
  const until = noticeEnds(now).toISOString();
  return retentionKeys.map((key) => ({ key, days: mostDays, until }));
}

/**
 * What holds on once the limits of a tenant are others: what is lowered, for the time of notice, and
 * what was lowered not long before. However often figures change, nothing is kept for less time than
 * any of them within that time.
 * @param was what was said before
 */
export function keptLongerAfter(
  { limits: was, keptLonger }: RetentionSaid,
  is: TenantLimits,
  now: Date,
): readonly KeptLonger[] {
  const until = noticeEnds(now).toISOString();
  const lowered = retentionKeys
    .filter((key) => is[key] < was[key])
    .map((key) => ({ key, days: was[key], until }));
  const outdone = (old: KeptLonger) =>
    lowered.some(({ key, days }) => key === old.key && days >= old.days);
  const still = keptLonger.filter(
    (old) => ends(old) > now.getTime() && old.days > is[old.key] && !outdone(old),
  );
  return [...still, ...lowered];
}

/** A tenant's limits with what is in force of its retention at a moment. */
export function limitsAt({ limits, keptLonger }: RetentionSaid, at: Date): TenantLimits {
  const inForce = retentionKeys.map((key) => {
    const longer = keptLonger.filter((one) => one.key === key && ends(one) > at.getTime());
    return [key, Math.max(limits[key], ...longer.map(({ days }) => days))];
  });
  return { ...limits, ...Object.fromEntries(inForce) };
}

/** The moments ahead from which on less is kept, in their order. */
export function changesAhead({ keptLonger }: RetentionSaid, now: Date): readonly Date[] {
  const times = new Set(keptLonger.map(ends).filter((time) => time > now.getTime()));
  return [...times].sort((one, other) => one - other).map((time) => new Date(time));
}

/** What comes into force when the owners have had their notice. */
export function laterRetention(said: RetentionSaid, now: Date): readonly LaterRetention[] {
  let before = limitsAt(said, now);
  return changesAhead(said, now).flatMap((at) => {
    const [was, is] = [before, limitsAt(said, at)];
    before = is;
    return retentionKeys
      .filter((key) => is[key] !== was[key])
      .map((key) => ({ key, days: is[key], from: at.toISOString() }));
  });
}
