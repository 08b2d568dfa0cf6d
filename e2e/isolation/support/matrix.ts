import { escapeIdentifier } from 'pg';
import type { Privilege } from '@/db/schema/table';
import type { Actor, Answer } from './actors';
import { identityOf, type Relation } from './catalogue';
import type { Row } from './checks';
import { type ActorKey, declarationOf, grantedColumns, operations } from './expected';
import { type Holding, insertOf, isSingleton } from './fill';
import { carries } from './marks';
import type { Ground } from './place';

/** Under whose name a statement is sent, and whose rows it is after. */
export const contexts = ['none', 'own', 'foreign', 'forged'] as const;
export type ContextName = (typeof contexts)[number];

/** One statement of the matrix and how it came out. */
export interface Case {
  readonly table: string;
  readonly role: ActorKey;
  readonly operation: Privilege;
  readonly context: ContextName;
  /** In a word, for the report. */
  readonly expected: Expectation;
  readonly outcome: string;
  readonly holds: boolean;
}

/**
 * refused: no such right (42501) · nothing: no row · own: one's own rows and no others · forged: the
 * token is refused (TC001) · all: a role that serves across tenants, on the columns granted to it.
 */
export type Expectation = 'refused' | 'nothing' | 'own' | 'forged' | 'all';

const DENIED = '42501';
const FORGED = 'TC001';
/** Restricted by a foreign key: since PostgreSQL 18 it has a code of its own. */
const HELD = ['23503', '23001'];

/** What the declarations let this come to. */
function expectation(
  relation: Relation,
  role: ActorKey,
  operation: Privilege,
  context: ContextName,
): Expectation {
  if (grantedColumns(relation, role, operation).length === 0) return 'refused';
  const secured = declarationOf(relation)?.rowSecurity ?? false;
  if (!secured || (role !== 'app' && role !== 'owner')) return 'all';
  // No policy is for the owner, and FORCE holds policies against it.
  if (role === 'owner') return operation === 'insert' ? 'refused' : 'nothing';
  if (context === 'forged') return 'forged';
  if (context === 'own') return 'own';
  return operation === 'insert' ? 'refused' : 'nothing';
}

export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

const list = (names: readonly string[]) => names.map(escapeIdentifier).join(', ');

/** `where` this very row, as far as the role may read its key. */
function where(relation: Relation, row: Row, readable: readonly string[], from: number): Statement {
  const key = identityOf(relation);
  if (key.length === 0 || !key.every((name) => readable.includes(name)))
    return { text: '', values: [] };
  const types = new Map(relation.columns.map(({ name, type }) => [name, type]));
  const equal = key.map(
    (name, at) => `${escapeIdentifier(name)} = $${from + at}::text::${types.get(name)}`,
  );
  return { text: ` where ${equal.join(' and ')}`, values: key.map((name) => row[name] ?? null) };
}

/** A column to write in: no key and no link, if there is another. */
export function plainColumn(relation: Relation, columns: readonly string[]): string | undefined {
  const bound = new Set([
    ...relation.keys.flatMap((key) => key.columns),
    ...relation.foreignKeys.flatMap((key) => key.columns),
    ...relation.checks.flatMap((check) => check.columns),
    ...(relation.tenantColumn ? [relation.tenantColumn] : []),
  ]);
  const writable = relation.columns.filter((one) => one.writable && columns.includes(one.name));
  return (writable.find(({ name }) => !bound.has(name)) ?? writable[0])?.name;
}

/** Where a tenant has one row at most, its own is there already: whoever may, writes over it. */
function besideOwn(relation: Relation, role: ActorKey): string {
  const column = plainColumn(relation, grantedColumns(relation, role, 'update'));
  if (!isSingleton(relation) || column === undefined) return '';
  const name = escapeIdentifier(column);
  return ` on conflict (${escapeIdentifier(relation.tenantColumn ?? '')}) do update set ${name} = excluded.${name}`;
}

/** The rows that a case is about: the victim's, unless one may only look at one's own. */
function targetOf(ground: Ground, context: ContextName): Holding {
  return context === 'own' ? ground.attacker : ground.victim;
}

/** The statement of a case. Roles without the right send the simplest one: it must be refused. */
export async function statementOf(
  ground: Ground,
  relation: Relation,
  role: ActorKey,
  operation: Privilege,
  context: ContextName,
): Promise<Statement> {
  const target = targetOf(ground, context);
  const granted = grantedColumns(relation, role, operation);
  const columns = granted.length > 0 ? granted : relation.columns.map(({ name }) => name);
  const row = target.rows.get(relation.id) ?? {};
  const readable = grantedColumns(relation, role, 'select');
  switch (operation) {
    case 'select':
      // Without a key in `where`, all rows that can be had are fetched.
      return context === 'own' || context === 'none'
        ? { text: `select ${list(columns)} from ${relation.sql}`, values: [] }
        : withKey(
            `select ${list(columns)} from ${relation.sql}`,
            where(relation, row, readable, 1),
          );
    case 'insert': {
      const fresh = await ground.filler.newRow(relation, target.mark, target.spares);
      const given = Object.fromEntries(
        Object.entries(fresh).filter(([name]) => columns.includes(name)),
      );
      const { text, values } = insertOf(relation, given);
      return { text: `${text}${besideOwn(relation, role)}`, values };
    }
    case 'update': {
      const column = plainColumn(relation, columns) ?? columns[0] ?? '';
      const type = relation.columns.find(({ name }) => name === column)?.type;
      const value = row[column] ?? null;
      const at = where(relation, row, readable, 2);
      return {
        text: `update ${relation.sql} set ${escapeIdentifier(column)} = $1::text::${type}${at.text}`,
        values: [value, ...at.values],
      };
    }
    case 'delete':
      return withKey(`delete from ${relation.sql}`, where(relation, row, readable, 1));
  }
}

const withKey = (text: string, { text: condition, values }: Statement): Statement => ({
  text: text + condition,
  values,
});

const tokenFor = (ground: Ground, context: ContextName, forged: string): string | undefined =>
  ({ none: undefined, own: ground.tokens.attacker, foreign: ground.tokens.attacker, forged })[
    context
  ];

/** In a word, what came back. */
function outcomeOf(answer: Answer): string {
  return answer.code ?? `${answer.count} ${answer.count === 1 ? 'row' : 'rows'}`;
}

function judge(ground: Ground, one: Omit<Case, 'outcome' | 'holds'>, answer: Answer): boolean {
  const { expected, operation } = one;
  // What a role that serves across tenants may see is for its grants to say.
  if (expected !== 'all' && carries(ground.victim.mark, answer.said)) return false;
  switch (expected) {
    case 'refused':
      // Which of the two it is depends on what PostgreSQL looks at first.
      return answer.code === DENIED || (one.context === 'forged' && answer.code === FORGED);
    case 'forged':
      return answer.code === FORGED;
    case 'nothing':
      return answer.code === undefined && answer.count === 0;
    case 'own':
      // One's own row may be held by another that points to it.
      if (operation === 'delete' && HELD.includes(answer.code ?? '')) return true;
      return answer.code === undefined && answer.count > 0;
    case 'all':
      return operation === 'select' ? answer.code === undefined : answer.code !== DENIED;
  }
}

/** For roles that serve across tenants, where others are at work: the right is asked, no row touched. */
const harmless = (text: string): string => {
  if (/^insert/.test(text)) return text;
  return /^select/.test(text) ? `${text} limit 1` : `${text.replace(/ where .*/, '')} where false`;
};

/**
 * Ask all that there is to ask of one table, as one role.
 * @param careful others work in this database: their rows are neither locked nor fetched
 */
export async function walkTable(
  ground: Ground,
  actor: Actor,
  role: ActorKey,
  relation: Relation,
  forged: string,
  careful = false,
): Promise<Case[]> {
  const cases: Case[] = [];
  for (const operation of operations) {
    for (const context of contexts) {
      const expected = expectation(relation, role, operation, context);
      const full = await statementOf(ground, relation, role, operation, context);
      const spared = careful && expected === 'all' && operation !== 'insert';
      const text = spared ? harmless(full.text) : full.text;
      // Values that stand nowhere any more are an error of their own.
      const values = full.values.slice(
        0,
        spared && operation !== 'select' ? (operation === 'update' ? 1 : 0) : undefined,
      );
      const answer = await actor.ask(tokenFor(ground, context, forged), text, values);
      const one = { table: relation.id, role, operation, context, expected };
      cases.push({ ...one, outcome: outcomeOf(answer), holds: judge(ground, one, answer) });
    }
  }
  return cases;
}

/** Columns that are not granted are refused one by one, whatever else the role may read. */
export async function walkColumns(
  actor: Actor,
  token: string,
  role: ActorKey,
  relation: Relation,
): Promise<Case[]> {
  const granted = grantedColumns(relation, role, 'select');
  if (granted.length === 0) return [];
  const cases: Case[] = [];
  for (const { name } of relation.columns) {
    if (granted.includes(name)) continue;
    const answer = await actor.ask(token, `select ${escapeIdentifier(name)} from ${relation.sql}`);
    cases.push({
      table: `${relation.id}.${name}`,
      role,
      operation: 'select',
      context: 'own',
      expected: 'refused',
      outcome: outcomeOf(answer),
      holds: answer.code === DENIED,
    });
  }
  return cases;
}

/** One line for each case that does not hold: all of them in one answer. */
export const broken = (cases: readonly Case[]): string[] =>
  cases
    .filter(({ holds }) => !holds)
    .map(
      ({ table, role, operation, context, expected, outcome }) =>
        `${operation} on ${table} as ${role}, ${context} context: expected ${expected}, got ${outcome}`,
    );
