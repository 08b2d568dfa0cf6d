import type { GetStepTools } from 'inngest';
import type { inngest } from './client';
import { heldForSeconds, TenantHeldError } from './hold';

/** A step that was put off: nothing was done, and it is not its fault. */
export interface PutOff {
  /** Seconds. */
  readonly putOffFor: number;
}

/** Times that one step is put off; with the pauses below, for about a day. */
const mostTimes = 150;
/** Pauses grow by this many seconds with each time, up to the bound, if shorter ones were asked for. */
const growSeconds = 30;
const longestGrown = 600;

/** What a step is remembered as that the hold of its organisation has kept from being done. */
const held = { held: true } as const;

const isHeld = (outcome: unknown): boolean =>
  typeof outcome === 'object' && outcome !== null && 'held' in outcome;

async function orHeld<Result>(work: () => Promise<Result>): Promise<Result | typeof held> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof TenantHeldError) return held;
    throw error;
  }
}

const isPutOff = (outcome: unknown): outcome is PutOff =>
  typeof outcome === 'object' && outcome !== null && 'putOffFor' in outcome;

/**
 * Carry out a step that may be put off, as by a provider that asks for patience: the run sleeps and
 * takes it up again, without using up an attempt and without holding a place that others wait for.
 * While its organisation is held it waits for as long as that lasts: our own engine does not wake it
 * before, Inngest lets it ask at growing pauses.
 * @param name of the step; the further times have a number behind it
 * @param work what it returns is remembered, as of any step, unless it is a `PutOff`
 * @throws Error when it was put off for about a day
 */
export async function patiently<Result>(
  step: GetStepTools<typeof inngest>,
  name: string,
  work: () => Promise<Result | PutOff>,
): Promise<Result> {
  let holds = 0;
  for (let times = 0; times < mostTimes; ) {
    const turn = times + holds === 0 ? name : `${name} again ${times + holds}`;
    const outcome: unknown = await step.run(turn, () => orHeld(work));
    if (isHeld(outcome)) {
      await step.sleep(`${name} held ${holds + 1}`, heldForSeconds(holds) * 1_000);
      holds += 1;
      continue;
    }
    if (!isPutOff(outcome)) return outcome as Result;
    const seconds = Math.max(outcome.putOffFor, Math.min(times * growSeconds, longestGrown), 1);
    await step.sleep(`${name} put off ${times + 1}`, seconds * 1_000);
    times += 1;
  }
  throw new Error(`${name} was put off again and again for about a day`);
}
