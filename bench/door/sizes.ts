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
