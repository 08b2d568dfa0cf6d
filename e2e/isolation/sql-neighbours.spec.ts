import { newId, type TenantId, tenantDb, withTenant } from '@/db';
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
