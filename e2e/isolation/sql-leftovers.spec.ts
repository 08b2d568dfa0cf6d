import { type SQL, sql, type TenantId, tenantDb, withTenant } from '@/db';
import { poolOf, resetConnections } from '@/db/connections';
import { resources } from '@/db/schema';
import { attack, expect, test, walked } from './support/fixtures';
import { Tally } from './support/judge';

/** Whole statements and expressions with which one request could prepare its connection for the next. */
const traps: readonly string[] = [
  'deallocate tenantry_scope',
  'deallocate all',
  'discard all',
  `prepare tenantry_scope(text) as select set_config('app.tenant', $1, true), set_config('leak.token', $1, false)`,
  'set client_encoding to latin1',
  'set search_path to pg_catalog',
  "set default_transaction_read_only to 'on'",
  "alter role tenantry_app set search_path to 'pg_catalog'",
  "alter role tenantry_app password 'known'",
  '/* select */ set row_security to off',
  '/* a /* b */ select */ discard all',
  "select set_config('client_encoding', 'latin1', false)",
  "select set_config('search_path', 'pg_catalog', false)",
  "select set_config('statement_timeout', '1', false)",
  "select set_config('debug_print_plan', 'on', false)",
  "update pg_settings set setting = '1' where name = 'statement_timeout'",
];

test(
  'what one request leaves on a connection of the doors reaches no other',
  attack({
    class: 'sql: what is left on a connection',
    tried:
      'Through the doors, with one connection for all: statements were exchanged under the names the doors use, settings were made for the session by statement, by expression and through pg_settings; then the victim read through the same connection and the attacker looked for what had been caught.',
  }),
  async ({ place }) => {
    const tally = new Tally(place);
    const attacker = { tenantId: place.attacker.mark.tenantId as TenantId };
    const victim = { tenantId: place.victim.mark.tenantId as TenantId };
    const ways = [
      (text: SQL) => tenantDb(attacker).execute(text),
      (text: SQL) => withTenant(attacker, (tx) => tx.execute(text)),
    ];
    await resetConnections(place.access);
    for (const trap of traps) {
      for (const way of ways) {
        await way(sql.raw(trap)).catch(() => {});
        const rows = await tenantDb(victim).select().from(resources);
        tally.holds(`after ${trap} the victim reads`, rows.length > 0);
        const caught = await tenantDb(attacker).execute(
          sql`select coalesce(current_setting('leak.token', true), '') as token`,
        );
        tally.silent(trap, { said: JSON.stringify(caught.rows) });
        tally.holds(`after ${trap} nothing was caught`, caught.rows[0]?.token === '');
        const { rows: set } = await poolOf('app').query(
          "select name from pg_settings where source = 'session' and name not like 'lc_%'",
        );
        tally.holds(`${trap} has left ${JSON.stringify(set)}`, set.length === 0);
      }
    }
    expect(poolOf('app').totalCount).toBe(1);
    await resetConnections();
    expect(tally.faults).toEqual([]);
    walked(tally.cases);
  },
);
