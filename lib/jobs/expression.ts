import { createHash } from 'node:crypto';

/** A place in an event, e.g. `['data', 'tenantId']`. */
export type EventPath = readonly string[];

const word = '[A-Za-z_][A-Za-z0-9_]*';
const path = `((?:\\.${word})+)`;
const plainPath = new RegExp(`^event${path}$`);
const plainMatch = new RegExp(`^(event|async)${path} == (event|async)${path}$`);
const plainEquality = new RegExp(`^event${path} == '([^'\\\\]*)'$`);

const steps = (dotted: string): EventPath => dotted.split('.').slice(1);

/** `event.data.tenantId` as a path; undefined for any other expression (CEL is not spoken here). */
export function parsePath(expression: string): EventPath | undefined {
  const found = plainPath.exec(expression.trim());
  return found?.[1] === undefined ? undefined : steps(found[1]);
}

/** `event.data.id == async.data.id`: where to look in the first event, and where in the later one. */
export function parseMatch(
  expression: string,
): { readonly first: EventPath; readonly later: EventPath } | undefined {
  const [, leftRoot, left, rightRoot, right] = plainMatch.exec(expression.trim()) ?? [];
  if (left === undefined || right === undefined || leftRoot === rightRoot) return undefined;
  return leftRoot === 'event'
    ? { first: steps(left), later: steps(right) }
    : { first: steps(right), later: steps(left) };
}

/** `event.data.kind == 'x'`. */
export function parseEquality(
  expression: string,
): { readonly path: EventPath; readonly value: string } | undefined {
  const [, where, value] = plainEquality.exec(expression.trim()) ?? [];
  return where === undefined || value === undefined ? undefined : { path: steps(where), value };
}

/** What stands at `path`; undefined where nothing does. */
export function valueAt(event: unknown, path: EventPath): unknown {
  let at: unknown = event;
  for (const step of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as Record<string, unknown>)[step];
  }
  return at;
}

/** A value as a key for the database: short, without NUL, different for `1` and `"1"`. */
export function keyOf(value: unknown): string {
  if (typeof value === 'string' && /^[\w.:@-]{1,120}$/.test(value)) return value;
  return createHash('sha256')
    .update(JSON.stringify(value) ?? 'undefined')
    .digest('hex');
}
