export * from './tenant-contract';

/** What is left of one budget. Instants are ISO 8601 in UTC. */
export interface BudgetView {
  /** What the provider counts by, in words. */
  readonly title: string;
  /** Which one of several: a mailbox, a method, a channel; null where there is one. */
  readonly which: string | null;
  /** Units that may be spent now. */
  readonly left: number;
  readonly capacity: number;
  readonly perMinute: number;
  /** Until then the provider asked us to be quiet; null when it did not. */
  readonly pausedUntil: string | null;
  /** It has warned us, and we go at half the pace. */
  readonly slowed: boolean;
}
