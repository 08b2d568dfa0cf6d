/** Milliseconds of two answers that were asked for one after the other. */
export interface Sample {
  readonly foreign: number;
  readonly absent: number;
}

export type Which = keyof Sample;

/** Pairs that are thrown away: the first answers pay for what later ones have. */
const warmUp = 50;

const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const at = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(at) - 1], sorted[Math.floor(at)]];
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2;
};

/**
 * Ask in pairs, the order within each by chance, so that what the machine does besides falls on both.
 * @param ask asks once, and gives the milliseconds until the answer was complete
 */
export async function samplePairs(
  pairs: number,
  ask: (which: Which) => Promise<number>,
): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (let at = -warmUp; at < pairs; at += 1) {
    const order: readonly Which[] =
      Math.random() < 0.5 ? ['foreign', 'absent'] : ['absent', 'foreign'];
    const sample = { foreign: Number.NaN, absent: Number.NaN };
    for (const which of order) sample[which] = await ask(which);
    if (at >= 0) samples.push(sample);
  }
  return samples;
}

/** The size of the median difference within a pair, in milliseconds: which is slower does not matter. */
export const medianDifference = (samples: readonly Sample[]): number =>
  Math.abs(median(samples.map(({ foreign, absent }) => foreign - absent)));
