import { createHash } from 'node:crypto';
import type { Statement } from './exchange';
import type { WireValue } from './parameters';

/**
 * Statements that get a name. Each costs memory in every connection, so there is an end to them;
 * later ones are parsed anew each time.
 */
const LIMIT = 300;

/**
 * What stands in statements that are to be planned each time: how long the record's tail is differs
 * from one moment to the next, and how much of it is the tenant's from one tenant to the next.
 */
const passing = 'audit_tail_from()';

const names = new Map<string, string>();

/** From the text alone: a bundler copies this module, and copies share connections, not counters. */
function nameOf(text: string): string {
  return `tenantry_s_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
}

/**
 * Give a statement built per call a name, so that each connection parses and plans it only once.
 *
 * Only where the tenant is among the parameters: a statement without it would keep the plan made for
 * the first tenant, however different the next ones are.
 */
export function named(
  statement: Statement,
  values: readonly WireValue[],
  tenantId: string | undefined,
): Statement {
  if (statement.name !== undefined) return statement;
  const name = nameFor(statement.text, values, tenantId);
  return name === undefined ? statement : { ...statement, name };
}

/** The name alone that `named` gives. */
export function nameFor(
  text: string,
  values: readonly WireValue[],
  tenantId: string | undefined,
): string | undefined {
  if (tenantId === undefined || !values.includes(tenantId)) return undefined;
  const known = names.get(text);
  if (known !== undefined || names.size >= LIMIT || text.includes(passing)) return known;
  const name = nameOf(text);
  names.set(text, name);
  return name;
}
