import type { Target } from './data';

/** One way of reading: a row by its id, and a page of 50 rows. */
export interface Way {
  readonly name: string;
  /** At most this many times the floor. */
  readonly goals?: { readonly point: number; readonly page: number };
  point(target: Target): Promise<readonly unknown[]>;
  page(target: Target): Promise<readonly unknown[]>;
}
