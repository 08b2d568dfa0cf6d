import type { KeptLonger } from '@/db/schema';
import {
  type LaterRetention,
  retentionKeys,
  retentionNoticeDays,
  type TenantLimits,
} from './tenant-contract';
import type { RetentionSaid } from './tenant-limits';

const day = 86_400_000;
const ends = ({ until }: KeptLonger): number => Date.parse(until);

/** When owners had their notice of what is changed now. */
export const noticeEnds = (now: Date): Date => new Date(now.getTime() + retentionNoticeDays * day);

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
