import type { ClientBase } from 'pg';
import type { Check, Relation } from './catalogue';
import type { Value } from './values';

/** Row values that satisfy a table's CHECK constraints, found by asking PostgreSQL. */

export type Row = Record<string, Value>;

/** What a check's own text suggests for its columns: its literals, and numbers beside its numbers. */
function suggestions(expression: string): string[] {
  const quoted = [...expression.matchAll(/'((?:[^']|'')*)'/g)].map(([, text]) =>
    (text ?? '').replaceAll("''", "'"),
  );
  const numbers = [...expression.matchAll(/(?<![\w.'])-?\d+(?![\w.'])/g)].map(([text]) => text);
  const beside = numbers.flatMap((text) => [String(Number(text) + 1), String(Number(text) - 1)]);
  return [...new Set([...quoted, ...numbers, ...beside])];
}

/** The checks in groups that share columns, so that each group can be solved by itself. */
function groups(checks: readonly Check[]): Check[][] {
  const found: Check[][] = [];
  for (const check of checks) {
    const touching = found.filter((group) =>
      group.some(({ columns }) => columns.some((name) => check.columns.includes(name))),
    );
    for (const group of touching) found.splice(found.indexOf(group), 1);
    found.push([...touching.flat(), check]);
  }
  return found;
}

function* combinations(choices: readonly (readonly Value[])[]): Generator<Value[]> {
  const [first, ...rest] = choices;
  if (!first) {
    yield [];
    return;
  }
  for (const tail of combinations(rest)) for (const value of first) yield [value, ...tail];
}

/** Combinations tried for one group of checks before a person is asked. */
const TRIES = 400;

async function holds(client: ClientBase, relation: Relation, group: readonly Check[], row: Row) {
  const columns = [...new Set(group.flatMap(({ columns: names }) => names))];
  const types = new Map(relation.columns.map(({ name, type }) => [name, type]));
  const from = columns.map((name, at) => `$${at + 1}::text::${types.get(name)} as "${name}"`);
  const all = group.map(({ expression }) => `(${expression}) is not false`).join(' and ');
  try {
    const { rows } = await client.query<{ ok: boolean }>(
      `select ${all} as ok from (select ${from.join(', ')}) as "${relation.name}"`,
      columns.map((name) => row[name] ?? null),
    );
    return rows[0]?.ok === true;
  } catch {
    // A candidate that its type does not take is none.
    return false;
  }
}

async function solve(
  client: ClientBase,
  relation: Relation,
  group: readonly Check[],
  row: Row,
  fixed: ReadonlySet<string>,
): Promise<Row | undefined> {
  const columns = [...new Set(group.flatMap(({ columns: names }) => names))];
  const literals = group.flatMap(({ expression }) => suggestions(expression));
  const choices = columns.map((name): Value[] => {
    if (fixed.has(name)) return [row[name] ?? null];
    const column = relation.columns.find((one) => one.name === name);
    const value = row[name] ?? null;
    // A list of it, which has its mark as well.
    const listed = value !== null && column?.type === 'jsonb' ? [`[${value}]`] : [];
    return [value, ...listed, ...literals, ...(column?.notNull ? [] : [null])];
  });
  let tries = 0;
  for (const values of combinations(choices)) {
    const candidate = {
      ...row,
      ...Object.fromEntries(columns.map((name, at) => [name, values[at] ?? null])),
    };
    if (await holds(client, relation, group, candidate)) return candidate;
    tries += 1;
    if (tries === TRIES) return undefined;
  }
  return undefined;
}

/**
 * Change what has to be changed for the row to satisfy all checks.
 * @param fixed columns to leave alone: keys and whose row it is
 * @returns the row, or the name of a check that nothing was found for
 */
export async function satisfyChecks(
  client: ClientBase,
  relation: Relation,
  row: Row,
  fixed: ReadonlySet<string>,
): Promise<{ readonly row: Row } | { readonly unsolved: string }> {
  let current = row;
  for (const group of groups(relation.checks)) {
    const solved = await solve(client, relation, group, current, fixed);
    if (!solved) return { unsolved: group.map(({ name }) => name).join(', ') };
    current = solved;
  }
  return { row: current };
}
