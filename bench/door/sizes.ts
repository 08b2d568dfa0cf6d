/** How much the benchmark of the door works with. */
export interface Sizes {
  readonly tenants: number;
  /** Resources of all tenants together, and of the one that is large. */
  readonly resources: number;
  readonly large: number;
  /** Numbers of tenants that growth is measured between, and the rows of each. */
  readonly growth: readonly [few: number, many: number];
  readonly growthRows: number;
  /** Slices of each way. */
  readonly rounds: number;
}

export const fullSize: Sizes = {
  tenants: 2_000,
  resources: 2_000_000,
  large: 200_000,
  growth: [10, 10_000],
  growthRows: 200,
  rounds: 21,
};

/** For those who are at work on it; its figures are no proof. */
export const quickSize: Sizes = {
  tenants: 200,
  resources: 120_000,
  large: 40_000,
  growth: [10, 500],
  growthRows: 200,
  rounds: 7,
};

export type Read = 'point' | 'page';

/** How often a read is done before it is another's turn, and how many turns there are. */
export interface Turns {
  readonly reads: number;
  readonly rounds: number;
}

/**
 * So many reads that a turn takes some 20 ms. With many clients that is a burst: most of it goes by
 * until the server's processes have been woken up and find their memory in the processor's caches, which
 * the other way's have filled meanwhile.
 */
export const inBursts = (read: Read, rounds: number): Turns => ({
  reads: read === 'point' ? 320 : 96,
  rounds,
});

/** With many clients, as many as take some tenths of a second: what a server under load is like. */
export const turnsOf = (read: Read, clients: number, rounds: number): Turns =>
  clients === 1
    ? inBursts(read, rounds)
    : { reads: read === 'point' ? 4_000 : 1_500, rounds: Math.ceil(rounds / 3) };

/** What a read is called in the report. */
export const labelOf = (read: Read, clients: number): string =>
  `${read === 'point' ? 'point read' : 'page of 50'}, ${clients} client${clients === 1 ? '' : 's'}`;
