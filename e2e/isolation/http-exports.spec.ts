import { listed, nameOf } from '../support/endpoints';
import { idsOf, isFilter } from '../support/endpoints/ids';
import { type Cast, type Tenant, withoutExports } from '../support/isolation/cast';
import { expect, test } from '../support/isolation/fixtures';
import { call, verdictOf } from '../support/isolation/walk';

/** Files that are made of what a filter shows. */

test.setTimeout(300_000);

/** Each place where an action of members takes an id to narrow down what it puts into a file. */
const filters = () =>
  listed().endpoints.flatMap((endpoint) =>
    endpoint.form === 'action' && endpoint.audience === 'tenant'
      ? idsOf(endpoint)
          .filter(isFilter)
          .map((place) => ({ endpoint, place }))
      : [],
  );

/** Ids of each kind that stand in one event of a tenant's: by each of them something is found. */
async function idsOnRecord({ pool }: Cast, { id, world }: Tenant) {
  const { rows } = await pool.query<Readonly<Record<string, string>>>(
    `select actor_id as "user", run_id as run, connection_id as connection, request_id as request
     from audit_events where tenant_id = $1 and id = $2`,
    [id, world.rows.get('audit_events')],
  );
  return (kind: string) => {
    const found = rows[0]?.[kind];
    if (!found) throw new Error(`Say where in an event ids of kind ${kind} stand.`);
    return found;
  };
}

interface Made {
  readonly id: string;
  readonly state: string;
  readonly records_done: string;
}

/** The file that was asked for last, once it is made. */
async function lastFile({ pool, attacker }: Cast): Promise<Made> {
  const last = async () => {
    const { rows } = await pool.query<Made>(
      `select id, state, records_done from exports
       where tenant_id = $1 and id <> $2 and state <> 'cancelled' order by created_at desc, id desc limit 1`,
      [attacker.id, attacker.world.rows.get('exports')],
    );
    return rows[0];
  };
  await expect.poll(async () => (await last())?.state, { timeout: 90_000 }).toBe('done');
  return (await last()) as Made;
}

test('a file by another tenant’s id holds nothing, as by one that nobody has', async ({
  cast,
  report,
}) => {
  const { attacker, victim } = cast;
  const { owner } = attacker.members;
  const { world } = attacker;
  const [own, theirs] = [await idsOnRecord(cast, attacker), await idsOnRecord(cast, victim)];
  expect(filters().length).toBeGreaterThan(3);
  for (const { endpoint, place } of filters()) {
    const fileBy = async (id: string) => {
      await withoutExports(cast);
      const asked = await call(owner, endpoint, { world, place, id: () => id });
      expect(verdictOf(endpoint, asked), nameOf(endpoint)).toBe('ok');
      const made = await lastFile(cast);
      const { status, body } = await owner.ask(`/api/exports/${made.id}/file`);
      return { status, body, records: Number(made.records_done) };
    };
    const where = `${nameOf(endpoint)} ${place.path.join('.')}`;
    const foreign = await fileBy(theirs(place.kind));
    expect(foreign, where).toMatchObject({ status: 200, records: 0 });
    expect(foreign, where).toEqual(await fileBy(crypto.randomUUID()));
    expect((await fileBy(own(place.kind))).records, where).toBeGreaterThan(0);
  }
  report({
    attack: 'app: list, search, count and export',
    cases: filters().length * 3,
    tried:
      'Files of the record were asked for by each id that narrows them down, one’s own, the victim’s and nobody’s: those by the last two were the same, with nothing in them.',
  });
});
