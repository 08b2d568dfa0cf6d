import { hasSqlState, newId, sql, type TenantId, tenantDb, withTenant } from '@/db';
import { resetConnections } from '@/db/connections';
import { eventsChannel, outboxChannel, runsChannel } from '@/db/engine/store';
import { connections } from '@/db/schema';
import { enqueueJob } from '@/lib/jobs';
import { loginActor } from './support/actors';
import { attack, expect, test, walked } from './support/fixtures';
import { Tally } from './support/judge';
import { servingRoleKeys } from './support/roles';

test(
  'notifications carry nothing, whoever listens',
  attack({
    class: 'sql: shared NOTIFY channels and advisory-lock keys',
    tried:
      'Each role that serves listened on every channel while another tenant asked for background work; what was heard was searched.',
    told: 'Whoever listens hears that somebody has asked for background work: an empty notification.',
  }),
  async ({ place }) => {
    const tally = new Tally(place);
    await resetConnections(place.access);
    const listeners = await Promise.all(servingRoleKeys.map((role) => place.login(role)));
    for (const listener of listeners) {
      await listener.run(
        [eventsChannel, runsChannel, outboxChannel].map((name) => `listen ${name}`).join('; '),
      );
    }
    const tenantId = place.victim.mark.tenantId as TenantId;
    await withTenant({ tenantId }, (tx) =>
      enqueueJob(
        tx,
        {
          tenantId,
          requestId: place.victim.mark.text,
          actor: { type: 'system', id: null, name: place.victim.mark.text },
        },
        { kind: 'discovery/requested', subjectId: newId() },
      ),
    );
    for (const listener of listeners) {
      let heard = '';
      await expect
        .poll(async () => {
          heard += (await listener.run('select 1')).said;
          return heard;
        })
        .toContain(outboxChannel);
      tally.silent(`what ${listener.role} heard`, { said: heard });
      tally.holds(`${listener.role} heard ${heard}`, /"payload":""/.test(heard));
      await listener.run('unlisten *');
    }
    await resetConnections();
    expect(tally.faults).toEqual([]);
    walked(tally.cases);
  },
);

test(
  'only the engine takes advisory locks, and its keys say nothing',
  attack({
    class: 'sql: shared NOTIFY channels and advisory-lock keys',
    tried:
      'Every way to take, try or release an advisory lock, as each role but the engine’s; and all locks that are held were read while another tenant worked.',
  }),
  async ({ place }) => {
    const tally = new Tally(place);
    const { rows } = await place.owner.query<{ call: string }>(
      `select proname || '(' || case pronargs when 0 then '' when 1 then '1' else '1, 1' end || ')' as call
         from pg_proc where proname ~ '^pg_(try_)?advisory' order by 1`,
    );
    for (const role of servingRoleKeys.filter((name) => name !== 'engine')) {
      const actor = await place.login(role);
      for (const { call } of rows)
        tally.refused(`${call} as ${role}`, await actor.ask(undefined, `select ${call}`));
    }
    await resetConnections(place.access);
    const app = await place.login('app');
    await withTenant({ tenantId: place.victim.mark.tenantId as TenantId }, async (tx) => {
      await tx.select().from(connections).for('update');
      tally.silent('pg_locks', await app.ask(place.tokens.attacker, 'select * from pg_locks'));
    });
    await resetConnections();
    expect(rows.length).toBeGreaterThan(10);
    expect(tally.faults).toEqual([]);
    walked(tally.cases);
  },
);

test(
  'nobody sees what others are asking',
  attack({
    class: 'sql: pg_stat_activity',
    tried:
      'While another tenant’s statement ran, its text was looked for in pg_stat_activity, pg_stat_get_activity(), pg_prepared_statements, pg_cursors, pg_locks and the progress views; and what the superuser sees of statements through the doors was searched for values.',
  }),
  async ({ place }) => {
    const tally = new Tally(place);
    await resetConnections(place.access);
    const victim = await loginActor('tenantry_app', place.access.app);
    const app = await place.login('app');
    await victim.work(place.tokens.victim, async (run) => {
      await run(`select '${place.victim.mark.text}', * from connections`);
      for (const what of [
        'pg_stat_activity',
        'pg_stat_get_activity(null)',
        'pg_prepared_statements',
        'pg_cursors',
        'pg_locks',
        'pg_stat_progress_copy',
        'pg_stat_ssl',
        'pg_stat_replication',
        'pg_prepared_xacts',
      ]) {
        tally.silent(what, await app.ask(place.tokens.attacker, `select * from ${what}`));
      }
    });
    await victim.close();
    const door = tenantDb({ tenantId: place.victim.mark.tenantId as TenantId });
    await door.select().from(connections);
    const { rows } = await place.owner.query(
      "select query from pg_stat_activity where application_name = 'tenantry-app'",
    );
    tally.silent('statements of the doors, as the superuser sees them', {
      said: JSON.stringify(rows),
    });
    await resetConnections();
    expect(rows.length).toBeGreaterThan(0);
    expect(tally.faults).toEqual([]);
    walked(tally.cases);
  },
);

test(
  'the doors leave nothing on a connection for the next tenant',
  attack({
    class: 'sql: what stays on a shared connection',
    tried:
      'The victim worked through the doors behind a pooler; then every shared connection was searched: settings, prepared statements, open cursors, temporary tables, locks and channels.',
  }),
  async ({ place }) => {
    const tally = new Tally(place);
    const pooler = await place.pooler('app');
    await resetConnections({ ...place.access, app: pooler.url });
    const victim = { tenantId: place.victim.mark.tenantId as TenantId };
    const { text } = place.victim.mark;
    for (let at = 0; at < 20; at += 1) {
      await withTenant(victim, (tx) =>
        tx.execute(sql`select * from resources where name = ${text}`),
      );
      await tenantDb(victim).select().from(connections);
      await tenantDb(victim)
        .execute(sql`select 1 / ${0}::int, ${text}::text`)
        .catch(() => {});
    }
    const questions = [
      "select json_agg(s)::text from pg_settings s where name like 'app.%' or source = 'session'",
      'select json_agg(s)::text from pg_prepared_statements s',
      "select coalesce(json_agg(c)::text, '') from pg_cursors c where name <> ''",
      "select coalesce(json_agg(c)::text, '') from pg_listening_channels() c",
      "select coalesce(json_agg(l)::text, '') from pg_locks l where pid = pg_backend_pid() and locktype in ('advisory', 'userlock')",
      "select coalesce(json_agg(c)::text, '') from pg_class c where pg_is_other_temp_schema(relnamespace) or relnamespace = pg_my_temp_schema()",
      "select coalesce(current_setting('app.tenant', true), '')",
    ];
    for (const question of questions) {
      for (const said of await pooler.onEachBackend(question)) {
        tally.silent(question, { said: String(said) });
        if (!/pg_settings|pg_prepared/.test(question))
          tally.holds(`${question}: ${said}`, said === '');
      }
    }
    await resetConnections();
    expect(tally.faults).toEqual([]);
    walked(tally.cases);
  },
);

test(
  'the doors send one statement at a time',
  attack({
    class: 'sql: EXPLAIN’s Rows Removed by Filter',
    tried:
      'Several statements in one, an EXPLAIN among them, were sent through the doors: they were refused before any of them ran.',
  }),
  async ({ place }) => {
    const tally = new Tally(place);
    await resetConnections(place.access);
    const context = { tenantId: place.attacker.mark.tenantId as TenantId };
    for (const text of [
      'select 1; explain analyze select * from connections',
      "select 1; select public.use_tenant('')",
      'select 1; delete from connections; select 2',
    ]) {
      for (const send of [
        () => tenantDb(context).execute(sql.raw(text)),
        () => withTenant(context, (tx) => tx.execute(sql.raw(text))),
      ]) {
        const refused = await send().then(
          () => undefined,
          (error: unknown) => error,
        );
        tally.holds(`${text} through a door`, hasSqlState(refused, '42601'));
      }
    }
    await resetConnections();
    expect(tally.faults).toEqual([]);
    walked(tally.cases);
  },
);
