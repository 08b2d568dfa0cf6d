/** A token bucket: what may be spent at once, and what flows back every second. */
export interface Budget {
  readonly capacity: number;
  readonly perSecond: number;
}

/** Something that a provider counts by, in words for people. */
export interface Dimension {
  readonly budget: Budget;
  readonly title: string;
  /** Calls under way at once for one of these, at most; no bound where it is left out. */
  readonly atOnce?: number;
}
export type Dimensions = Readonly<Record<string, Dimension>>;

/** What a call takes from one bucket. */
export interface Demand {
  /** The bucket within the account: a kind, and where there are several of it `kind:which`. */
  readonly dimension: string;
  readonly budget: Budget;
  readonly units: number;
  readonly atOnce?: number;
}

/** A call as far as its price depends on it. */
export interface MeteredCall {
  readonly method: string;
  readonly path: string;
  /** Mail address of the person it speaks for, in an organisation's connection. */
  readonly subject?: string | undefined;
  /** As it is sent: JSON or a form. */
  readonly body?: unknown;
}

/** So many units of a kind of bucket, and of which of them. */
export interface Taking {
  readonly kind: string;
  readonly which?: string | undefined;
  readonly units: number;
}
