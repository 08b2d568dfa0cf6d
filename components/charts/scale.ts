/** A scale from 0 to a round number, with round steps. */
export interface ValueScale {
  readonly most: number;
  readonly ticks: readonly number[];
}

const steps = [1, 2, 2.5, 5, 10] as const;

/**
 * A scale that holds `most`, in at most `count` steps that people count by: 1, 2, 2.5 and 5 times a
 * power of ten.
 * @param least the smallest step, e.g. 1 where there are no halves
 */
export function valueScale(most: number, count = 4, least = 1): ValueScale {
  const rough = Math.max(most / count, least);
  const power = 10 ** Math.floor(Math.log10(rough));
  const whole = (step: number) => least < 1 || Number.isInteger(step);
  const step = steps.map((each) => each * power).find((each) => each >= rough && whole(each));
  const size = step ?? 10 * power;
  const times = Math.max(1, Math.ceil(most / size - 1e-9));
  return {
    most: size * times,
    ticks: Array.from({ length: times + 1 }, (_, at) => Number((at * size).toPrecision(12))),
  };
}

/** Which of `count` places get a label, so that at most `most` do, evenly, the first among them. */
export function labelled(count: number, most: number): readonly number[] {
  if (count <= 0) return [];
  const every = Math.ceil(count / most);
  return Array.from({ length: Math.ceil(count / every) }, (_, at) => at * every);
}
