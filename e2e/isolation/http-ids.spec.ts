import { attachments } from '@/cli/isolation/report/shape';
import { builtActions } from '../support/actions';
import { places } from '../support/cases';
import { addressOf, type ListedEndpoint, listed, nameOf } from '../support/endpoints';
import { type IdPlace, idFaults, idsOf } from '../support/endpoints/ids';
import { type Answer, essenceOf } from '../support/isolation/ask';
import type { Caller } from '../support/isolation/caller';
import { type Cast, makeTenant } from '../support/isolation/cast';
import { deniedTo } from '../support/isolation/denials';
import { fingerprint } from '../support/isolation/fingerprint';
import { expect, test } from '../support/isolation/fixtures';
import { kindsFrom } from '../support/isolation/holders';
import { call, each, idIn, promised, verdictOf } from '../support/isolation/walk';
import {
  makeWorld,
  plantAlert,
  plantApproval,
  plantCampaign,
  plantDeletion,
  type World,
} from '../support/isolation/world';

/** Every endpoint × every id that it takes × own, another tenant's, nobody's × everybody. */

test.setTimeout(240_000);

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
  readonly ids: { readonly foreign: string; readonly absent: string };
}

const whereAre = ({ endpoint, place }: Asked) =>
  `${nameOf(endpoint)} ${place.part}.${place.path.join('.')}`;

/** What is made up, and what staff close, is taken once only: each case gets another of theirs. */
async function foreignIn(
  cast: Cast,
  caller: Caller,
  { endpoint, place: { kind } }: Asked,
): Promise<string> {
  const { pool, victim, spareRuns, outbox } = cast;
  if (kind === 'alert') return plantAlert(pool, victim.id);
  if (kind === 'approval') return plantApproval(pool, victim.id);
  if (kind === 'campaign') return plantCampaign(pool, victim.world.person.id);
  if (kind === 'deletion') return plantDeletion(pool);
  // What staff may do to a tenant is done to one that nothing else is compared with.
  if (endpoint.audience === 'staff' && endpoint.form === 'action') {
    if (promised(endpoint, caller.name) === 'ok') {
      return idIn(
        (await makeTenant(cast, `spare${crypto.randomUUID().slice(0, 8)}`)).world,
        kind,
        outbox,
      );
    }
  }
  return (kind === 'fresh' ? spareRuns.pop() : undefined) ?? idIn(victim.world, kind, outbox);
}

/** Ask for one's own, another tenant's and nobody's, everything else being one's own. */
async function threeWays(cast: Cast, caller: Caller, { endpoint, place }: Asked): Promise<Told> {
  const { attacker, pool, outbox } = cast;
  // What is done to one's own thing must find it as it was made.
  const world: World =
    endpoint.form === 'action' ? await makeWorld(pool, attacker.id, attacker.mark) : attacker.world;
  const ids = {
    own: idIn(world, place.kind, outbox),
    foreign: await foreignIn(cast, caller, { endpoint, place }),
    absent: crypto.randomUUID(),
  };
  const with_ = (given: string) =>
    call(caller, endpoint, {
      world,
      place,
      id: (kind, part, path) =>
        part === place.part && path.join('.') === place.path.join('.')
          ? given
          : idIn(world, kind, outbox),
    });
  const foreign = await with_(ids.foreign);
  const absent = await with_(ids.absent);
  return { foreign, absent, own: await with_(ids.own), ids };
}

/** The kinds that mean nothing of a tenant's: what is made up by whoever asks. */
const isFree = ({ kind }: IdPlace) => kind === 'fresh';

/** An id that only narrows down what is shown, or put into a file: in an address or in a body. */
const isFilter = ({ part, path }: IdPlace) => part === 'query' || path[0] === 'filter';

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
    const [a, b] = [
      essenceOf(told.foreign, [told.ids.foreign]),
      essenceOf(told.absent, [told.ids.absent]),
    ];
    return JSON.stringify(a) === JSON.stringify(b) ? [] : wrong('foreign and absent differ');
  };
  if (endpoint.audience === 'staff' && first === 'ok') {
    // What stands in the way of a thing that is there is no secret to staff.
    // A saved view leads to its filters; a name that is to be typed is that of one's own.
    const typed = endpoint.body?.properties?.typed ? 'invalid_input' : 'ok';
    const seen = (verdict: string) =>
      ['ok', 'conflict', typed].includes(verdict) ||
      (isFilter(place) && verdict.startsWith('to /admin/'));
    if (!seen(verdicts.own) || !seen(verdicts.foreign)) return wrong('staff may look at both');
    return isFilter(place) || verdicts.absent === 'not_found' ? [] : wrong('absent is found');
  }
  if (endpoint.audience === 'public' && !member) {
    return verdicts.own === verdicts.absent ? same() : wrong('there is a difference');
  }
  if (first !== 'ok') {
    const all = Object.values(verdicts).every((verdict) => verdict === first);
    return all ? same() : wrong(`all must be ${first}`);
  }
  // So many files at once are too many, whatever is in them.
  if (isFilter(place) && Object.values(verdicts).every((each) => each === 'conflict'))
    return same();
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
    // What changes something comes after what only looks.
    const looked = await each(all.filter(reads), (asked) => look(asked));
    const done = await each(
      all.filter((asked) => !reads(asked)),
      (asked) => look(asked),
    );
    const order = [...all.filter(reads), ...all.filter((asked) => !reads(asked))];
    const rows = [...looked, ...done].map((wrong, at) => ({
      endpoint: order[at] ? nameOf(order[at].endpoint) : '',
      cases: { own: 1, foreign: 1, absent: 1 },
      held: 3 - Math.min(wrong.length, 3),
    }));
    await info.attach(attachments.endpoints, {
      body: JSON.stringify(rows),
      contentType: 'application/json',
    });
    expect([...looked, ...done].flat()).toEqual([]);
    const after = await fingerprint(cast, cast.victim);
    // What staff may do in any tenant is on that tenant's own record.
    const own = name === 'support' || name === 'platform_admin' ? after.audit_events : undefined;
    expect(after).toEqual(own ? { ...before, audit_events: own } : before);
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
