import { env } from '@/lib/env';
import type { ServingRole } from '../schema/roles';
import type { WireValue } from '../wire/parameters';
import { type Asker, isLawful } from './asker';
import { bucketCount, bucketOf } from './histogram';
import { type Journey, openJourney } from './journey';
import { withoutLongLists } from './normal';
import { type QueryShape, shapeOf } from './shape';

/** How one statement went. Times in milliseconds. */
export interface Measured {
  /** From the sending to the server's readiness for the next one. */
  readonly ms: number;
  /** For a connection, before. */
  readonly waitedMs: number;
  readonly rows: number;
  readonly failed: boolean;
}

/** What one query took for one tenant, since it was last asked. */
export interface QueryFigures {
  readonly shape: QueryShape;
  /** Null where no tenant was set. */
  readonly tenantId: string | null;
  readonly count: number;
  readonly failed: number;
  readonly totalMs: number;
  readonly maxMs: number;
  readonly waitedMs: number;
  readonly rows: number;
  /** How many took as long as each bucket says; see `bucketBounds`. */
  readonly buckets: readonly number[];
}

/** A statement that somebody ought to look at. */
export interface QueryFinding extends Measured {
  readonly kind: 'slow' | 'tenant-less';
  readonly shape: QueryShape;
  readonly tenantId: string | undefined;
  /** How many more of the same there were since the last one that was told. */
  readonly repeats: number;
}

/** How long statements of a role took, since the process began. */
export interface RoleTimes {
  readonly role: ServingRole;
  readonly count: number;
  readonly totalMs: number;
  readonly buckets: readonly number[];
}

type Mutable<Of> = { -readonly [Key in keyof Of]: Of[Key] };
type Cell = Mutable<Omit<QueryFigures, 'buckets'>> & { readonly buckets: number[] };
type Totals = Mutable<Omit<RoleTimes, 'buckets'>> & { readonly buckets: number[] };
/** Milliseconds since the last finding of a kind was told, and how many were not. */
type Told = Partial<Record<QueryFinding['kind'], { at: number; repeats: number }>>;

/** Texts whose shape is remembered, per role; beyond, they are looked at anew. */
const TEXTS = 1_000;
/** Characters from which on a text is shortened first: a batch of rows may be half a megabyte of it. */
const LONG = 4_000;
/** Pairs of a query and a tenant that are counted apart until they are drained. */
const CELLS = 10_000;
/** Milliseconds between two findings of one kind about one query. */
const QUIET = 60_000;

const empty = () => new Array<number>(bucketCount).fill(0);

interface Settings {
  readonly slowMs: number;
  /** In test runs: where the statements are written down. */
  readonly journey: Journey | undefined;
}

interface State {
  readonly texts: Map<ServingRole, Map<string, QueryShape>>;
  readonly told: Map<string, Told>;
  readonly roles: Map<ServingRole, Totals>;
  /** By fingerprint, then by tenant. */
  cells: Map<string, Map<string, Cell>>;
  size: number;
  settings: Settings | undefined;
  report: ((finding: QueryFinding) => void) | undefined;
}

/** Once per process: a bundler copies this module. */
const key = Symbol.for('tenantry.queries');
const shared = globalThis as unknown as { [key]?: State };
shared[key] ??= {
  texts: new Map(),
  told: new Map(),
  roles: new Map(),
  cells: new Map(),
  size: 0,
  settings: undefined,
  report: undefined,
};
const state = shared[key];

function settings(): Settings {
  state.settings ??= { slowMs: env.SLOW_QUERY_MS, journey: openJourney() };
  return state.settings;
}

function shapeFor(role: ServingRole, sql: string): QueryShape {
  let texts = state.texts.get(role);
  if (!texts) {
    texts = new Map();
    state.texts.set(role, texts);
  }
  const text = sql.length > LONG ? withoutLongLists(sql) : sql;
  const known = texts.get(text);
  if (known) return known;
  const shape = shapeOf(role, text);
  if (texts.size >= TEXTS) texts.clear();
  texts.set(text, shape);
  return shape;
}

const otherShape = (role: ServingRole): QueryShape => ({
  fingerprint: `other-${role}`,
  role,
  text: '',
  tables: [],
  unbound: [],
  acrossTenants: undefined,
});

function newCell(shape: QueryShape, tenantId: string | null): Cell {
  const figures = { count: 0, failed: 0, totalMs: 0, maxMs: 0, waitedMs: 0, rows: 0 };
  return { shape, tenantId, ...figures, buckets: empty() };
}

function cellOf(shape: QueryShape, tenantId: string | undefined): Cell {
  let tenants = state.cells.get(shape.fingerprint);
  if (!tenants) {
    tenants = new Map();
    state.cells.set(shape.fingerprint, tenants);
  }
  const found = tenants.get(tenantId ?? '');
  if (found) return found;
  // Room for the fingerprints themselves is always there: texts are limited.
  if (state.size >= CELLS && tenantId !== undefined) return cellOf(shape, undefined);
  state.size += 1;
  const cell = newCell(shape, tenantId ?? null);
  tenants.set(tenantId ?? '', cell);
  return cell;
}

function totalsOf(role: ServingRole): Totals {
  const known = state.roles.get(role);
  if (known) return known;
  const totals = { role, count: 0, totalMs: 0, buckets: empty() };
  state.roles.set(role, totals);
  return totals;
}

/**
 * Take note of a statement that has run. Called by the doors for each one, within the caller's
 * asynchronous context; takes well under a microsecond once the text is known.
 */
export function observe(
  asker: Asker,
  sql: string,
  values: readonly WireValue[],
  measured: Measured,
): void {
  try {
    take(asker, sql, values, measured);
  } catch (error) {
    // The statement has run; that nobody could make a note of it is no fault of its caller.
    process.emitWarning(error instanceof Error ? error : String(error));
  }
}

function take(asker: Asker, sql: string, values: readonly WireValue[], measured: Measured): void {
  const { ms, waitedMs, rows, failed } = measured;
  const shape = shapeFor(asker.role, sql);
  const bucket = bucketOf(ms);
  const cell = cellOf(shape, asker.tenantId);
  cell.count += 1;
  cell.totalMs += ms;
  cell.waitedMs += waitedMs;
  cell.rows += rows;
  if (ms > cell.maxMs) cell.maxMs = ms;
  if (failed) cell.failed += 1;
  (cell.buckets[bucket] as number) += 1;
  const totals = totalsOf(asker.role);
  totals.count += 1;
  totals.totalMs += ms;
  (totals.buckets[bucket] as number) += 1;
  const { slowMs, journey } = settings();
  journey?.note(asker, shape, { sql, values, failed });
  if (ms >= slowMs) tell('slow', asker, shape, measured);
  if (shape.unbound.length > 0 && !isLawful(asker, shape)) {
    tell('tenant-less', asker, shape, measured);
  }
}

function tell(
  kind: QueryFinding['kind'],
  { tenantId }: Asker,
  shape: QueryShape,
  measured: Measured,
): void {
  if (!state.report) return;
  if (state.told.size >= TEXTS) state.told.clear();
  const told = state.told.get(shape.fingerprint) ?? {};
  state.told.set(shape.fingerprint, told);
  const before = told[kind];
  const now = performance.now();
  if (before && now - before.at < QUIET) {
    before.repeats += 1;
    return;
  }
  told[kind] = { at: now, repeats: 0 };
  state.report({ kind, shape, tenantId, ...measured, repeats: before?.repeats ?? 0 });
}

/**
 * Hear of slow and of tenant-less statements: of each kind once a minute per query.
 * @param report is called in the asynchronous context of whoever ran the statement
 */
export function reportQueries(report: (finding: QueryFinding) => void): void {
  state.report = report;
}

/** Slow ones first, and then what took most time in all. */
function byWeight(one: QueryFigures, other: QueryFigures): number {
  const slow = settings().slowMs;
  return Number(other.maxMs >= slow) - Number(one.maxMs >= slow) || other.totalMs - one.totalMs;
}

function addTo(sum: Cell, { buckets, ...cell }: QueryFigures): void {
  for (const part of ['count', 'failed', 'totalMs', 'waitedMs', 'rows'] as const) {
    sum[part] += cell[part];
  }
  sum.maxMs = Math.max(sum.maxMs, cell.maxMs);
  for (const [at, value] of buckets.entries()) (sum.buckets[at] as number) += value;
}

/**
 * Everything counted since the last call, and begin anew.
 * @param most pairs of a query and a tenant; the rest is summed up per role, as query `other-<role>`
 */
export function drainQueries(most: number): readonly QueryFigures[] {
  const cells = [...state.cells.values()].flatMap((tenants) => [...tenants.values()]);
  state.cells = new Map();
  state.size = 0;
  cells.sort(byWeight);
  const rest = new Map<ServingRole, Cell>();
  for (const cell of cells.slice(most)) {
    const { role } = cell.shape;
    const sum = rest.get(role) ?? newCell(otherShape(role), null);
    rest.set(role, sum);
    addTo(sum, cell);
  }
  return [...cells.slice(0, most), ...rest.values()];
}

/** How long statements took, by role. */
export function roleTimes(): readonly RoleTimes[] {
  return [...state.roles.values()];
}
