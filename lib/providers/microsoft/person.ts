import { z } from 'zod';
import { ProviderError } from '../contract';
import type { Graph } from './graph';

/** Stands for the person in paths until it is known who they are. */
export const somebody = '/users/~';

const identified = z.object({ id: z.string().min(1) });
const takes = ['User.Read.All'] as const;

/** OData doubles an apostrophe. */
const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

/**
 * Whose address it is: Graph finds people by what they sign in with, which is not always their mail
 * address.
 * @throws ProviderError `not_found`
 */
async function identify(graph: Graph, address: string): Promise<string> {
  const query = { $select: 'id' };
  try {
    const path = `/users/${encodeURIComponent(address)}`;
    return (await graph.get(path, identified, { query, takes })).id;
  } catch (error) {
    if (!(error instanceof ProviderError && error.kind === 'not_found')) throw error;
    const filter = { ...query, $filter: `mail eq ${literal(address)}` };
    const { items } = await graph.page('/users', identified, { query: filter, takes });
    const [found] = items;
    if (!found) throw error;
    return found.id;
  }
}

/** Graph for one of an organisation's people: paths below `somebody` are theirs. */
export function graphOfPerson(graph: Graph, address: string): Graph {
  let known: Promise<string> | undefined;
  const person = () => {
    known ??= identify(graph, address).catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    return known;
  };
  const own = async (path: string) =>
    path.startsWith(`${somebody}/`)
      ? `/users/${await person()}${path.slice(somebody.length)}`
      : path;
  return {
    ...graph,
    actual: own,
    get: async (path, shape, options) => graph.get(await own(path), shape, options),
    send: async (path, shape, options) => graph.send(await own(path), shape, options),
    page: async (path, item, options) => graph.page(await own(path), item, options),
    async *pages(path, item, options) {
      yield* graph.pages(await own(path), item, options);
    },
  };
}
