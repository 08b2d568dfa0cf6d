/** One figure of a benchmark. */
export interface Figure {
  /** What was measured, e.g. `point read, 16 clients: tenantQuery`. */
  readonly name: string;
  readonly value: number;
  /** `×` for a ratio to the floor of the same run, else a unit such as `ms` or `1/s`. */
  readonly unit: string;
  /** What we want of it; a figure without a goal is there for comparison. */
  readonly goal?: Goal;
}

export type Goal = { readonly atMost: number } | { readonly atLeast: number };

export type Report = (figure: Figure) => void;

/**
 * A benchmark: the default export of `bench/<name>.ts`. It brings its own database and stops what it
 * started; `run` reports each figure as it is known.
 */
export interface Bench {
  readonly name: string;
  run(report: Report, options: BenchOptions): Promise<void>;
}

export interface BenchOptions {
  /** Small and soon done, for those who are at work on it. */
  readonly quick: boolean;
}

/** Does the value meet its goal? True without one. */
export function holds({ value, goal }: Figure): boolean {
  if (!goal) return true;
  return 'atMost' in goal ? value <= goal.atMost : value >= goal.atLeast;
}

/** A goal in words; empty without one. */
export function goalText({ goal, unit }: Figure): string {
  if (!goal) return '';
  const [word, value] = 'atMost' in goal ? ['≤', goal.atMost] : ['≥', goal.atLeast];
  return `${word} ${value} ${unit}`;
}
