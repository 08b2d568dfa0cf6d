import { attachments } from '@/cli/isolation/report/shape';
import { builtActions } from '../support/actions';
import { places } from '../support/cases';
import { addressOf, type ListedEndpoint, listed, nameOf } from '../support/endpoints';
import { type IdPlace, idFaults, idsOf, isFilter } from '../support/endpoints/ids';
import { type Answer, essenceOf } from '../support/isolation/ask';
import type { Caller } from '../support/isolation/caller';
import {
  type Cast,
  makeTenant,
  nameAgain,
  type Tenant,
  withoutExports,
} from '../support/isolation/cast';
import {
  plantAlert,
  plantApproval,
  plantCampaign,
  plantDeletion,
} from '../support/isolation/console';
import { deniedTo } from '../support/isolation/denials';
import { fingerprint } from '../support/isolation/fingerprint';
import { expect, test } from '../support/isolation/fixtures';
import { kindsFrom } from '../support/isolation/holders';
import { worldFor } from '../support/isolation/ready';
import { call, each, idIn, promised, verdictOf } from '../support/isolation/walk';
import type { World } from '../support/isolation/world';

/** Every endpoint × every id that it takes × own, another tenant's, nobody's × everybody. */

test.setTimeout(480_000);

test('every endpoint that is built is declared, and says of what its ids are', ({ report }) => {
  const { endpoints } = listed();
  const names = (form: string) =>
    endpoints.filter((one) => one.form === form).map((one) => nameOf(one));
  expect(names('action').sort()).toEqual(builtActions().map(({ name }) => name));
  const addresses = (form: string) =>
    [...new Set(endpoints.filter((one) => one.form === form).map(addressOf))].sort();
  expect(addresses('page')).toEqual(places('page.tsx'));
  expect(addresses('route')).toEqual(places('route.ts'));
  expect(endpoints.flatMap((one) => idFaults(one, Object.keys(kindsFrom)))).toEqual([]);
  report({
    attack: 'app: an endpoint without cases',
    cases: endpoints.length,
    tried:
      'Every page, route and action of the build is declared, and marks each id that it takes.',
  });
});

interface Asked {
  readonly endpoint: ListedEndpoint;
  readonly place: IdPlace;
}

interface Told {
  readonly own: Answer;
  readonly foreign: Answer;
  readonly absent: Answer;
  readonly ids: Readonly<Record<'own' | 'foreign' | 'absent', string>>;
}

const whereAre = ({ endpoint, place }: Asked) =>
  `${nameOf(endpoint)} ${place.part}.${place.path.join('.')}`;

/** What staff may do in any tenant is done to one that nothing else is compared with. */
const actsAsStaff = (caller: Caller, { endpoint }: Asked) =>
  endpoint.audience === 'staff' &&
  endpoint.form === 'action' &&
  promised(endpoint, caller.name) === 'ok';

/** An action that does its work with whatever id, since that only narrows down what is one's own. */
const doneByFilter = ({ endpoint, place }: Asked) => endpoint.form === 'action' && isFilter(place);

/** What is made up, and what staff close, is taken once only: each case gets another of theirs. */
async function idOfAnother(
  { pool, spareRuns, outbox }: Cast,
  { id, world }: Pick<Tenant, 'id' | 'world'>,
  kind: string,
): Promise<string> {
  if (kind === 'alert') return plantAlert(pool, id);
  if (kind === 'approval') return plantApproval(pool, id);
  if (kind === 'campaign') return plantCampaign(pool, world.person.id);
  if (kind === 'deletion') return plantDeletion(pool);
  return (kind === 'fresh' ? spareRuns.pop() : undefined) ?? idIn(world, kind, outbox);
}

/** Ask for one's own, another tenant's and nobody's, everything else being one's own. */
async function threeWays(cast: Cast, caller: Caller, { endpoint, place }: Asked): Promise<Told> {
  const { attacker, victim, pool, outbox } = cast;
  // What is done to one's own thing must find it as it was made.
  const world: World =
    endpoint.form === 'action' ? await worldFor(pool, endpoint, attacker) : attacker.world;
  const staff = actsAsStaff(caller, { endpoint, place });
  const other = staff ? await makeTenant(cast, `spare${crypto.randomUUID().slice(0, 8)}`) : victim;
  const ids = {
    own: idIn(world, place.kind, outbox),
    foreign: await idOfAnother(cast, other, place.kind),
    absent: crypto.randomUUID(),
  };
  const with_ = async (given: string, { rest = world } = {}) => {
    if (doneByFilter({ endpoint, place })) await withoutExports(cast);
    return call(caller, endpoint, {
      world: rest,
      place,
      id: (kind, part, path) =>
        part === place.part && path.join('.') === place.path.join('.')
          ? given
          : idIn(rest, kind, outbox),
    });
  };
  // To staff no tenant is their own: they ask for each as one asks for one's own, by its name too.
  const foreign = await with_(ids.foreign, staff ? { rest: other.world } : {});
  const absent = await with_(ids.absent);
  return { foreign, absent, own: await with_(ids.own), ids };
}

/** The kinds that mean nothing of a tenant's: what is made up by whoever asks. */
const isFree = ({ kind }: IdPlace) => kind === 'fresh';

/** Where a saved view leads to: its filters. See `plantView`. */
const ofView = (id: string) => `to /admin/tenants?state=suspended&view=${id}`;

/** Of an action, what it returned: the page it draws again has what it just made of one's own. */
const resultOf = ({ status, body }: Answer) => ({ status, result: /^1:.*$/m.exec(body)?.[0] });

/** What is wrong with three answers, in words; nothing when all is well. */
function faults(cast: Cast, caller: Caller, asked: Asked, told: Told): string[] {
  const { endpoint, place } = asked;
  const verdicts = {
    own: verdictOf(endpoint, told.own),
    foreign: verdictOf(endpoint, told.foreign),
    absent: verdictOf(endpoint, told.absent),
  };
  const first = promised(endpoint, caller.name);
  const member = caller.name in cast.attacker.members;
  const wrong = (what: string) => [
    `${caller.name} ${whereAre(asked)}: ${what}; ${JSON.stringify(verdicts)}`,
  ];
  const same = () => {
    const [a, b] =
      doneByFilter(asked) && verdicts.absent === 'ok'
        ? [resultOf(told.foreign), resultOf(told.absent)]
        : [essenceOf(told.foreign, [told.ids.foreign]), essenceOf(told.absent, [told.ids.absent])];
    return JSON.stringify(a) === JSON.stringify(b) ? [] : wrong('foreign and absent differ');
  };
  if (endpoint.audience === 'staff' && first === 'ok') {
    // What stands in the way of a thing that is there is no secret to staff.
    const seen = (verdict: string, id: string) =>
      place.kind === 'view' && isFilter(place)
        ? verdict === ofView(id)
        : ['ok', 'conflict'].includes(verdict);
    if (!seen(verdicts.own, told.ids.own) || !seen(verdicts.foreign, told.ids.foreign))
      return wrong('staff may look at both');
    const gone = isFilter(place) ? ['ok', 'not_found'] : ['not_found'];
    return gone.includes(verdicts.absent) ? [] : wrong('absent is found');
  }
  if (endpoint.audience === 'public' && !member) {
    return verdicts.own === verdicts.absent ? same() : wrong('there is a difference');
  }
  if (first !== 'ok') {
    const all = Object.values(verdicts).every((verdict) => verdict === first);
    return all ? same() : wrong(`all must be ${first}`);
  }
  if (verdicts.own !== 'ok') {
    return wrong('one’s own does not work: say in inputs.ts what to send');
  }
  const hidden = isFree(place) || isFilter(place) ? ['ok', 'not_found'] : ['not_found'];
  if (!hidden.includes(verdicts.foreign)) return wrong('foreign is not hidden');
  return same();
}

const reads = ({ endpoint }: Asked) =>
  endpoint.form === 'page' || (endpoint.form === 'route' && endpoint.export === 'GET');

const everybody = (cast: Cast) => [
  ...Object.values(cast.attacker.members),
  ...Object.values(cast.others),
];

const refusals = (told: Told, asked: Asked) =>
  [told.own, told.foreign, told.absent].filter((answer) =>
    ['forbidden', 'not_found'].includes(verdictOf(asked.endpoint, answer)),
  ).length;

for (const name of [
  'viewer',
  'member',
  'admin',
  'owner',
  'support',
  'platform_admin',
  'outsider',
  'nobody',
] as const) {
  test(`an id of another tenant is to ${name} like one that nobody has`, async ({
    cast,
    report,
  }, info) => {
    const caller = everybody(cast).find((one) => one.name === name) as Caller;
    await nameAgain(cast, cast.attacker);
    const before = await fingerprint(cast, cast.victim);
    const all = listed().endpoints.flatMap((endpoint) =>
      idsOf(endpoint).map((place) => ({ endpoint, place })),
    );
    const denied = await deniedTo(cast, caller);
    let expected = denied.total;
    const look = async (asked: Asked, tries = 3): Promise<string[]> => {
      const told = await threeWays(cast, caller, asked);
      if (asked.endpoint.audience !== 'staff') expected += refusals(told, asked);
      const wrong = faults(cast, caller, asked, told);
      // Background work may have changed a list between two looks at it; a leak is there each time.
      return wrong.length > 0 && tries > 1 && reads(asked) ? look(asked, tries - 1) : wrong;
    };
    // What changes something comes after what only looks; what makes files comes one at a time.
    const [looks, acts] = [all.filter(reads), all.filter((asked) => !reads(asked))];
    const [others, files] = [acts.filter((one) => !doneByFilter(one)), acts.filter(doneByFilter)];
    const order = [...looks, ...others, ...files];
    const found = [
      ...(await each(looks, (asked) => look(asked))),
      ...(await each(others, (asked) => look(asked))),
      ...(await each(files, (asked) => look(asked), 1)),
    ];
    const rows = found.map((wrong, at) => ({
      endpoint: order[at] ? nameOf(order[at].endpoint) : '',
      cases: { own: 1, foreign: 1, absent: 1 },
      held: 3 - Math.min(wrong.length, 3),
    }));
    await info.attach(attachments.endpoints, {
      body: JSON.stringify(rows),
      contentType: 'application/json',
    });
    expect(found.flat()).toEqual([]);
    expect(await fingerprint(cast, cast.victim)).toEqual(before);
    if (name in cast.attacker.members) {
      await expect.poll(async () => (await deniedTo(cast, caller)).total).toBe(expected);
    }
    report({
      attack: 'app: object-level authorisation',
      cases: all.length * 3,
      tried: `Every endpoint was asked as ${name} with an id of one’s own, of another tenant’s and of nobody’s: the last two were answered alike in status, headers, body and length, what the role may not do was refused, and each refusal to a member left one denial.`,
    });
  });
}
