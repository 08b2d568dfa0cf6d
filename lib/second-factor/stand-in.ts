import { type UserId, withIdentity } from '@/db';
import { env } from '@/lib/env';
import type { StandInCode } from './contract';
import { type StoredFactor, secretOf, storedFactor } from './stored';
import { codeOf, takenSteps } from './totp';

/** Seconds in which a person can still give a code. */
const timeToType = 8;

/** Whether a stand-in shows codes: in a demo, whose people have no app. Never in production. */
export const showsStandIn = (): boolean => env.TENANTRY_MODE === 'demo';

/** The secret, where the keys at hand open it: a page is not to fail for its stand-in. */
async function openable(factor: StoredFactor): Promise<string | null> {
  try {
    return await secretOf(factor);
  } catch (error) {
    // By name: a bundler copies classes.
    if (error instanceof Error && error.name === 'VaultError') return null;
    throw error;
  }
}

/**
 * The earliest code of the person's that would be taken now, by the stand-in for their app: so that
 * three may be given one after the other.
 * @returns null outside a demo, and for somebody without a factor that opens
 */
export async function standInCode(userId: UserId, now = Date.now()): Promise<StandInCode | null> {
  if (!showsStandIn()) return null;
  const factor = await withIdentity((tx) => storedFactor(tx, userId));
  if (!factor) return null;
  const secret = await openable(factor);
  if (!secret) return null;
  const steps = takenSteps(now);
  const next = steps.find(({ step, seconds }) => step > factor.lastStep && seconds > timeToType);
  if (next) return { code: codeOf(secret, next.step), waitSeconds: 0 };
  // The last of them is used: its successor is taken as soon as the present step ends.
  const present = steps[1]?.seconds ?? 0;
  return { code: null, waitSeconds: Math.ceil(present - 30) };
}
