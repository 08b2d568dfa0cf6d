/** The middle one of some numbers. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** The number below which this share of some numbers lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const rounded = (value: number, digits = 3): number => Number(value.toFixed(digits));

/** Times one slice of work, in milliseconds per operation. */
export type Slice = () => Promise<number>;

/** Rounds that are not counted: connections, plans and the JIT warm up. */
const WARM_UP = 2;

/**
 * Run slices one after another, round after round, so that whatever else the machine does hits all
 * alike, and backwards every other round, so that none always comes after the same other.
 * @returns the times of each slice, by round
 */
export async function interleaved(slices: readonly Slice[], rounds: number): Promise<number[][]> {
  const times = slices.map((): number[] => []);
  const order = [...slices.keys()];
  for (let round = -WARM_UP; round < rounds; round += 1) {
    for (const index of round % 2 === 0 ? order : order.toReversed()) {
      const time = await (slices[index] as Slice)();
      if (round >= 0) times[index]?.push(time);
    }
  }
  return times;
}

/** How many times as long one took as the other, in the middle of the rounds. */
export function ratio(times: readonly number[], base: readonly number[]): number {
  return rounded(median(times.map((time, round) => time / (base[round] ?? Number.NaN))));
}

/**
 * A slice of so many operations with so many clients at once.
 * @param operation gets a number that goes up
 */
export function slice(
  operations: number,
  clients: number,
  operation: (at: number) => Promise<unknown>,
): Slice {
  return async () => {
    const offset = Math.floor(Math.random() * 1_000_000);
    let next = 0;
    const client = async () => {
      for (let at = next++; at < operations; at = next++) await operation(offset + at);
    };
    const start = performance.now();
    await Promise.all(Array.from({ length: clients }, client));
    return (performance.now() - start) / operations;
  };
}
