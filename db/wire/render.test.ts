import { randomUUID } from 'node:crypto';
import {
  and,
  arrayContains,
  asc,
  between,
  count,
  desc,
  eq,
  exists,
  gt,
  ilike,
  inArray,
  isNull,
  like,
  not,
  or,
  type SQL,
  type SQLWrapper,
  sql,
} from 'drizzle-orm';
import { NodePgDatabase } from 'drizzle-orm/node-postgres';
import {
  alias,
  customType,
  PgDialect,
  pgEnum,
  pgSchema,
  pgTable,
  QueryBuilder,
  text,
  union,
  uuid,
} from 'drizzle-orm/pg-core';
import { describe, expect, it } from 'vitest';
import { connections, memberships, resources, tenants, users } from '@/db/schema';
import { DoorDialect } from './render';
import { type TypedStatements, typedStatements } from './session';

const ours = new DoorDialect();
const theirs = new PgDialect();
const db = typedStatements({ query: () => Promise.reject(new Error('not run')) });
const drizzles: TypedStatements = new NodePgDatabase<Record<string, never>>(
  theirs,
  undefined as never,
  undefined,
);
const id = randomUUID() as never;

const other = alias(connections, 'other');
const mood = pgEnum('mood', ['glad', 'sad']);
const inSchema = pgSchema('engine').table('things', { id: uuid('id').primaryKey() });
const shouting = customType<{ data: string }>({
  dataType: () => 'text',
  toDriver: (value) => sql`upper(${value})`,
});
const loud = pgTable('loud', { word: shouting('word'), nothing: text('nothing') });
const activeOf = (db: TypedStatements) =>
  db
    .select({ id: connections.id, n: sql<number>`count(*)`.as('n') })
    .from(connections)
    .where(eq(connections.state, 'active'))
    .groupBy(connections.id)
    .as('active');

const queriesOf = (db: TypedStatements): Record<string, SQLWrapper> => {
  const active = activeOf(db);
  const recent = db.$with('recent').as(db.select().from(resources).where(isNull(resources.goneAt)));

  return {
    'a point read': db.select().from(connections).where(eq(connections.id, id)),
    'a page': db
      .select({ id: resources.id, name: resources.name })
      .from(resources)
      .where(and(eq(resources.tenantId, id), gt(resources.name, 'm'), or(isNull(resources.goneAt))))
      .orderBy(asc(resources.name), desc(resources.id))
      .limit(50)
      .offset(100),
    'joins and an alias': db
      .select()
      .from(connections)
      .leftJoin(other, eq(other.id, connections.id))
      .innerJoin(tenants, and(eq(tenants.id, connections.tenantId), like(tenants.name, '%x%'))),
    'all of several tables': db
      .select()
      .from(other)
      .rightJoin(connections, eq(other.id, connections.id))
      .fullJoin(tenants, eq(tenants.id, connections.tenantId))
      .limit(0),
    'groups of columns, and tables': db
      .select({ id: resources.id, of: { state: connections.state }, tenants, name: resources.name })
      .from(resources)
      .innerJoin(connections, eq(connections.id, resources.connectionId))
      .innerJoin(tenants, eq(tenants.id, resources.tenantId))
      .orderBy(resources.name),
    'a group of columns of one table': db.select({ a: { id: loud.word }, b: loud }).from(loud),
    'groups that are counted': db
      .select({ state: connections.state })
      .from(connections)
      .where(isNull(connections.createdAt))
      .groupBy(connections.state, connections.provider)
      .having(sql`count(*) > ${3}`)
      .orderBy(desc(connections.state))
      .offset(3),
    'without a condition': db.select({ id: other.id }).from(other).where(undefined),
    'distinct ones': db.selectDistinct({ state: connections.state }).from(connections),
    'distinct on': db.selectDistinctOn([connections.state]).from(connections),
    'a join with a subquery': db
      .select({ id: connections.id, n: active.n })
      .from(connections)
      .leftJoin(active, eq(active.id, connections.id)),
    'columns beside a subquery': db
      .select({ id: connections.id })
      .from(connections)
      .innerJoin(active, eq(active.id, connections.id)),
    'an expression': db
      .select({ id: sql<string>`upper(${connections.id}::text)`.as('up') })
      .from(connections)
      .orderBy(sql`up`),
    'a lateral join': db
      .select({ id: tenants.id })
      .from(tenants)
      .crossJoinLateral(sql`generate_series(1, 3) n`),
    'a subquery': db.select({ n: active.n }).from(active).where(gt(active.n, 3)),
    'a common table expression': db.with(recent).select().from(recent),
    'a set operation': union(
      db
        .select({ id: connections.id })
        .from(connections)
        .where(inArray(connections.id, [id, id])),
      db
        .select({ id: other.id })
        .from(other)
        .where(not(eq(other.state, 'active'))),
    ),
    'exists, aggregates, lists': db
      .select({ n: count(), last: sql`max(${users.createdAt})` })
      .from(users)
      .where(exists(db.select().from(memberships).where(eq(memberships.userId, users.id))))
      .having(between(count(), 1, 9)),
    'an array column': db
      .select()
      .from(connections)
      .where(arrayContains(connections.scopes, ['a'])),
    'an insert with defaults, dates, JSON, arrays and null': db
      .insert(resources)
      .values([
        {
          tenantId: id,
          id,
          connectionId: id,
          kind: 'file',
          providerId: 'p',
          name: "O'Hara",
          attributes: { a: ['"'], b: null },
          lastSeenIn: id,
          goneAt: new Date(0),
        },
        {
          tenantId: id,
          id,
          connectionId: id,
          kind: 'file',
          providerId: 'q',
          name: sql`lower(${'X'})`,
          lastSeenIn: id,
          goneAt: null,
        },
      ])
      .onConflictDoUpdate({
        target: [resources.tenantId, resources.connectionId, resources.kind, resources.providerId],
        set: { name: sql`excluded.name`, updatedAt: new Date(0) },
      })
      .returning({ id: resources.id }),
    'an update': db
      .update(connections)
      .set({ state: 'degraded', scopes: ['a', 'b'], stateReason: null })
      .where(and(eq(connections.tenantId, id), ilike(connections.accountEmail, 'x%')))
      .returning(),
    'a delete': db.delete(connections).where(eq(connections.id, id)),
    placeholders: db
      .select()
      .from(connections)
      .where(and(eq(connections.id, sql.placeholder('id')), gt(connections.createdAt, new Date(0))))
      .limit(sql.placeholder('limit')),
    'a column that encodes to SQL': db.insert(loud).values({ word: 'hey' }),
    'a table in a schema': db.select().from(inSchema).where(eq(inSchema.id, id)),
    'for update': db.select().from(connections).for('update', { skipLocked: true }),
  };
};

const queries = queriesOf(db);
const drizzlesQueries = queriesOf(drizzles);

const fragments: Record<string, SQL> = {
  'raw values of each kind': sql`${1} ${'two'} ${true} ${null} ${new Date(0)} ${10n} ${Buffer.from('x')}`,
  'lists, nested': sql`${[1, 'two', [3, sql`four`]]} ${[]}`,
  'nothing at all': sql`a ${undefined} b ${sql.empty()} ${sql.raw('c')}`,
  'names, tables, columns': sql`${sql.identifier('we"ird')} ${tenants} ${tenants.id} ${other} ${other.id}`,
  'an enum': sql`${'glad'}::${mood}`,
  'inlined values': sql`${sql`${1} ${"it's"} ${null}`.inlineParams()} ${2}`,
  joined: sql.join([sql`a = ${1}`, sql`b = ${2}`], sql` and `),
  'an aliased expression': sql`${sql`now()`.as('moment')} ${activeOf(db)}`,
  'a parameter with an encoder': sql`${sql.param({ a: 1 }, resources.attributes)}`,
  'a query inside': sql`select ${db.select({ id: tenants.id }).from(tenants)}`,
  'a query that has not been given a database': sql`${new QueryBuilder().select().from(tenants)}`,
};

describe('the dialect writes what drizzle writes', () => {
  it.each(Object.entries({ ...queries, ...fragments }))('%s', (_name, wrapped) => {
    const query = wrapped.getSQL();
    const { sql: text, params } = theirs.sqlToQuery(query);
    expect(ours.sqlToQuery(query)).toEqual({ sql: text, params });
    // And again, from what it has remembered.
    expect(ours.sqlToQuery(query)).toEqual({ sql: text, params });
  });
});

describe('a query is put together as drizzle does it', () => {
  it.each(Object.keys(queries))('%s', (name) => {
    const own = theirs.sqlToQuery((queries[name] as SQLWrapper).getSQL());
    expect(own).toEqual(theirs.sqlToQuery((drizzlesQueries[name] as SQLWrapper).getSQL()));
  });

  it('with a column of a table that is not asked refused', () => {
    const query = db.select({ id: tenants.id }).from(connections);
    expect(() => query.toSQL()).toThrow(/"tenants" is not part of the query/);
  });
});
