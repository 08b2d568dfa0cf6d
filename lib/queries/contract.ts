import { z } from 'zod';
import { idOf } from '@/lib/ids/contract';

/** How far back the console looks, in hours. Figures are kept by whole hours. */
export const queryWindows = { '1h': 1, '24h': 24, '7d': 168 } as const;
export type QueryWindow = keyof typeof queryWindows;

const windows = Object.keys(queryWindows) as [QueryWindow, ...QueryWindow[]];

/** What is put first: time in all, the slowest call, or what 95 of 100 calls take at most. */
export const querySorts = ['total', 'max', 'p95'] as const;
export type QuerySort = (typeof querySorts)[number];

const queryGroupings = ['tenant', 'query'] as const;

/** Name of a query: see `QueryShape`. */
const fingerprint = z.string().regex(/^(?:[0-9a-f]{16}|other-[a-z]{1,16})$/);

/** Filters of the slowest queries as they stand in the URL. An unusable one is dropped. */
export const queryFilter = z.object({
  window: z.enum(windows).optional().catch(undefined),
  by: z.enum(queryGroupings).optional().catch(undefined),
  sort: z.enum(querySorts).optional().catch(undefined),
  tenant: idOf('tenant').optional().catch(undefined),
});
export type QueryFilter = z.output<typeof queryFilter>;

/** A query that is opened beside the list. */
export const openedQuery = fingerprint.optional().catch(undefined);

/** What calls took, in milliseconds. */
export interface QueryTimes {
  readonly count: number;
  readonly failed: number;
  readonly totalMs: number;
  readonly maxMs: number;
  /** What 95 of 100 calls took at most, from a histogram: at most twice too much. */
  readonly p95Ms: number;
  /** Of all calls together, for a connection. */
  readonly waitedMs: number;
  readonly rows: number;
}

/** A tenant with what its queries took; without an id, work that is for no one tenant. */
export interface TenantQueryRow extends QueryTimes {
  readonly tenantId: string | null;
  readonly tenantName: string | null;
  /** How many different queries. */
  readonly queries: number;
}

/** A query with what its calls took, for whomever. */
export interface QueryRow extends QueryTimes {
  readonly fingerprint: string;
  readonly role: string;
  /** Empty for what was summed up because there was too much of it. */
  readonly text: string;
  readonly tables: readonly string[];
  /** Tenant tables on which it does not say whose rows it means. */
  readonly unbound: readonly string[];
  /** How many tenants it ran for. */
  readonly tenants: number;
}

/** One query, with the tenants that it took most time for. */
export interface QueryDetail extends QueryRow {
  readonly slowest: readonly TenantQueryRow[];
}
