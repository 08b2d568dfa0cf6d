import { listed, nameOf } from '@/e2e/support/endpoints';
import { idsOf } from '@/e2e/support/endpoints/ids';
import type { Cast } from '@/e2e/support/isolation/cast';
import { call, idIn } from '@/e2e/support/isolation/walk';
import type { Which } from './pairs';

/** One of each form: read by a route, by a page, through two ids, as a filter, and by an action. */
const representative: readonly (readonly [endpoint: string, place: string])[] = [
  ['GET /api/runs/[id]', 'id'],
  ['GET /api/runs/[id]/steps/[step]', 'step'],
  ['GET /api/resources', 'connection'],
  ['/connections/[id]', 'id'],
  ['app/(tenant)/automations/actions.ts#enable', 'id'],
  ['app/(tenant)/members/actions.ts#removeFromOrganisation', 'memberId'],
];

export interface Question {
  readonly name: string;
  /** Asks once; milliseconds until the answer was complete. */
  readonly ask: (which: Which) => Promise<number>;
}

/** What is measured: an owner who asks for the victim's id, and for one that nobody has. */
export function questions(cast: Cast): readonly Question[] {
  const { attacker, victim, outbox } = cast;
  return representative.map(([name, field]) => {
    const endpoint = listed().endpoints.find((one) => nameOf(one) === name);
    const place = endpoint && idsOf(endpoint).find(({ path }) => path.at(-1) === field);
    if (!endpoint || !place)
      throw new Error(`There is no ${name} with ${field}: see questions.ts.`);
    // One of each for all pairs: that a refusal is a repetition costs the record the same for both.
    const ids = { foreign: idIn(victim.world, place.kind, outbox), absent: crypto.randomUUID() };
    const ask = async (which: Which): Promise<number> => {
      const { ms } = await call(attacker.members.owner, endpoint, {
        world: attacker.world,
        place,
        id: (kind, part, path) =>
          part === place.part && path.at(-1) === field
            ? ids[which]
            : idIn(attacker.world, kind, outbox),
      });
      return ms;
    };
    return { name: `${name} (${field})`, ask };
  });
}
