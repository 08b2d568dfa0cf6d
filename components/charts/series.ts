import type { Tone } from '@/components/ui';
import type { Step } from './times';
import type { Unit } from './units';

/** What is drawn over time; null where nobody looked. */
export interface Series {
  readonly label: string;
  readonly tone: Tone;
  readonly values: readonly (number | null)[];
}

export interface TimeChartProps {
  /** What is shown, e.g. `Runs asked for`. */
  title: string;
  /** What the values are counted in. */
  unit: Unit;
  /** Beneath the title: a figure for the whole, or what counts. */
  detail?: string;
  /** Starts of the points in order, ISO 8601. */
  times: readonly string[];
  step: Step;
  /** Bars for amounts within a time, a line for what is so at a time. */
  shape: 'bars' | 'line';
  series: readonly Series[];
  className?: string;
}

/** Lines differ by their dashes as well as by their colours. */
export const dashes = ['none', '5 3', '2 2', '8 3 2 3'] as const;
