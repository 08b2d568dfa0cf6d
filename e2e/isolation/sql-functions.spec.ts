import { mayExecute } from './support/expected';
import { attack, expect, test, walked } from './support/fixtures';
import { quoted, setTenant } from './support/injections';
import { Tally } from './support/judge';
import type { Mark } from './support/marks';
import type { Place } from './support/place';
import { calls } from './support/samples';
import { forgeries } from './support/tokens';

/**
 * Functions with others' rights that the tenants' role may call with arguments of its choice. Left
 * out is the one that sets a context, which is how all others here are given theirs.
 */
const reachable = (place: Place) =>
  place.catalogue.routines.filter(
    (routine) =>
      routine.definer &&
      routine.argumentTypes.length > 0 &&
      routine.name !== 'use_tenant' &&
      mayExecute(routine, 'app'),
  );

/** A call with what somebody has in his rows put in. */
const filledIn = (place: Place, call: string, { text }: Mark, whose: 'victim' | 'attacker') =>
  call
    .replaceAll('{mark}', text)
    .replaceAll('{id}', place[whose].rows.get('public.resources')?.id ?? '');

test('every function that acts with others’ rights has calls to attack it by', ({ place }) => {
  const missing = reachable(place)
    .map(({ schema, name }) => `${schema}.${name}`)
    .filter((name) => !calls[name]?.length)
    .map((name) => `Add to calls in e2e/isolation/support/samples.ts: '${name}': ['…'],`);
  expect(missing).toEqual([]);
});

test(
  'functions that act with others’ rights answer for the current tenant only',
  attack({
    class: 'sql: a view or SECURITY DEFINER function owned by a superuser',
    tried:
      'Every function that acts with others’ rights was called with patterns that match all, with the victim’s texts and ids, without a context, with one’s own, with forged ones, and with a context that is set in its arguments.',
  }),
  async ({ place }) => {
    const tally = new Tally(place);
    const app = await place.login('app');
    const { victim, attacker, tokens } = place;
    const forged = forgeries(place.key, victim.mark, attacker.mark);
    for (const { schema, name } of reachable(place)) {
      for (const call of calls[`${schema}.${name}`] ?? []) {
        const own = `select * from ${schema}.${name}(${filledIn(place, call, attacker.mark, 'attacker')})`;
        const foreign = `select * from ${schema}.${name}(${filledIn(place, call, victim.mark, 'victim')})`;
        tally.silent(own, await app.ask(tokens.attacker, own));
        const after = await app.ask(tokens.attacker, foreign);
        tally.silent(foreign, after, [victim.rows.get('public.resources')?.id ?? '-']);
        const none = await app.ask(undefined, foreign);
        tally.holds(
          `${foreign} without a context: ${none.code ?? none.count}`,
          none.code === undefined && none.count === 0,
        );
        for (const { name: kind, token } of forged) {
          tally.refused(`${foreign}, ${kind}`, await app.ask(token, foreign), ['TC001']);
        }
        const token = quoted(forged[0]?.token ?? '');
        const inside = `select * from (select ${setTenant(token)} as s offset 0) s cross join lateral ${schema}.${name}(${filledIn(place, call, victim.mark, 'victim')}) where s.s is not null`;
        const answer = await app.ask(tokens.attacker, inside);
        tally.silent(inside, answer, [
          forged[0]?.token ?? '-',
          victim.rows.get('public.resources')?.id ?? '-',
        ]);
      }
      for (const call of (calls[`${schema}.${name}`] ?? []).slice(0, 2)) {
        const own = filledIn(place, call, attacker.mark, 'attacker');
        const { count } = await app.ask(tokens.attacker, `select * from ${schema}.${name}(${own})`);
        tally.holds(`${schema}.${name}(${own}) finds one’s own`, count > 0);
      }
    }
    expect(tally.faults).toEqual([]);
    walked(tally.cases);
  },
);

test(
  'a function tells nothing of a foreign row by an error or by its order',
  attack({
    class: 'sql: a leaky function in WHERE',
    tried:
      'The victim’s ids and ids that nobody has were given to every function that acts with others’ rights, as where to go on from, and the answers compared.',
  }),
  async ({ place }) => {
    const tally = new Tally(place);
    const app = await place.login('app');
    for (const { schema, name } of reachable(place)) {
      for (const call of (calls[`${schema}.${name}`] ?? []).filter((one) => one.includes('{id}'))) {
        const ask = (id: string) =>
          app.ask(
            place.tokens.attacker,
            `select * from ${schema}.${name}(${call.replaceAll('{id}', id)})`,
          );
        const foreign = await ask(place.victim.rows.get('public.resources')?.id ?? '');
        const unknown = await ask(crypto.randomUUID());
        tally.holds(
          `${name} tells of ids: ${foreign.said} ${unknown.said}`,
          foreign.said === unknown.said && foreign.code === unknown.code,
        );
      }
    }
    expect(tally.faults).toEqual([]);
    walked(tally.cases);
  },
);

/** What somebody would put in front of PostgreSQL's own, if he could make anything anywhere. */
const hostile = `
  create schema hostile;
  create function hostile.agree(text, text) returns boolean language sql as 'select true';
  create operator hostile.= (leftarg = text, rightarg = text, function = hostile.agree);
  create operator hostile.<> (leftarg = text, rightarg = text, function = hostile.agree);
  create function hostile.never(timestamptz, timestamptz) returns boolean language sql as 'select false';
  create operator hostile.< (leftarg = timestamptz, rightarg = timestamptz, function = hostile.never);
  create function hostile.same(uuid, uuid) returns boolean language sql as 'select true';
  create operator hostile.= (leftarg = uuid, rightarg = uuid, function = hostile.same);
  create function hostile.encode(bytea, text) returns text language sql as 'select null::text';
  create function hostile.to_timestamp(float8) returns timestamptz language sql as $$ select 'infinity'::timestamptz $$;
  grant usage on schema hostile to public;
  grant execute on all functions in schema hostile to public`;

test(
  'functions look names up where they say, whatever the caller’s path',
  attack({
    class: 'sql: search_path shadowing',
    tried:
      'The superuser made operators and functions that agree to everything, in a schema that the attacker put first in his search path; then forged and expired contexts were checked, every function that acts with others’ rights was called, and tables read.',
  }),
  async ({ place }) => {
    const tally = new Tally(place);
    const app = await place.login('app');
    const { victim, attacker, tokens } = place;
    const path = 'set local search_path = hostile, pg_catalog, public';
    await place.owner.query(hostile);
    try {
      const looks = [
        'select public.current_tenant()',
        'select * from public.connections',
        'select * from public.memberships',
        ...reachable(place).flatMap(({ schema, name }) =>
          (calls[`${schema}.${name}`] ?? []).map(
            (call) =>
              `select * from ${schema}.${name}(${filledIn(place, call, victim.mark, 'victim')})`,
          ),
        ),
      ];
      for (const look of looks) {
        for (const { name, token } of forgeries(place.key, victim.mark, attacker.mark)) {
          const answer = await app.work(token, async (run) => {
            await run(path);
            return run(look);
          });
          tally.refused(`${look}, ${name}`, answer, ['TC001']);
        }
        const own = await app.work(tokens.attacker, async (run) => {
          await run(path);
          return run(look);
        });
        tally.silent(look, own, [victim.rows.get('public.resources')?.id ?? '-']);
      }
    } finally {
      await place.owner.query('drop schema hostile cascade');
    }
    expect(tally.faults).toEqual([]);
    walked(tally.cases);
  },
);
