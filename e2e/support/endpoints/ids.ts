import { type ListedEndpoint, nameOf, type Sent } from '.';

type Part = 'params' | 'query' | 'body';
const parts: readonly Part[] = ['params', 'query', 'body'];

/** A place in an endpoint's input where an id is taken. */
export interface IdPlace {
  readonly part: Part;
  /** Names on the way to it: `['connectionId']`. */
  readonly path: readonly string[];
  readonly kind: string;
}

interface Leaf {
  readonly path: readonly string[];
  readonly schema: Sent;
}

const branches = ({ anyOf = [], oneOf = [], allOf = [] }: Sent) => [...anyOf, ...oneOf, ...allOf];

/** Every value that a schema takes, however deep, each with the mark of what is around it. */
function leaves(schema: Sent, path: readonly string[] = []): Leaf[] {
  if (schema.idKind) return [{ path, schema }];
  const inside = [
    ...Object.entries(schema.properties ?? {}).flatMap(([name, each]) =>
      leaves(each, [...path, name]),
    ),
    ...(schema.items ? leaves(schema.items, [...path, '*']) : []),
    ...branches(schema).flatMap((each) => leaves(each, path)),
  ];
  return inside.length > 0 ? inside : [{ path, schema }];
}

/** The ids that an endpoint takes. */
export function idsOf(endpoint: ListedEndpoint): readonly IdPlace[] {
  const all = parts.flatMap((part) => {
    const schema = endpoint[part];
    return (schema ? leaves(schema) : []).flatMap(({ path, schema: { idKind } }) =>
      idKind ? [{ part, path, kind: idKind }] : [],
    );
  });
  // A union names the same place once for each of its forms.
  const keys = all.map(({ part, path }) => [part, ...path].join('.'));
  return all.filter((_, at) => keys.indexOf(keys[at] ?? '') === at);
}

/** An id that only narrows down what is shown, or put into a file: in an address or in a body. */
export const isFilter = ({ part, path }: IdPlace): boolean =>
  part === 'query' || path[0] === 'filter';

/** `id`, `runId`, `run_id`, `ids`: whoever names a field so takes an id. */
const namesAnId = /(?:^|_)ids?$|[a-z]Ids?$/;

/**
 * What an endpoint takes that looks like an id and does not say of what, with the line to add.
 * @param kinds those that there is a fixture for
 */
export function idFaults(endpoint: ListedEndpoint, kinds: readonly string[]): readonly string[] {
  return parts.flatMap((part) => {
    const schema = endpoint[part];
    return (schema ? leaves(schema) : []).flatMap(({ path, schema: leaf }) => {
      const where = `${endpoint.file} (${nameOf(endpoint)}), ${part}: ${path.join('.') || 'itself'}`;
      const name = path.filter((each) => each !== '*').at(-1) ?? '';
      if (leaf.idKind && !kinds.includes(leaf.idKind)) {
        return [`${where}: say where ids of kind '${leaf.idKind}' come from, in holders.ts`];
      }
      const looksLikeOne = leaf.format === 'uuid' || namesAnId.test(name);
      return looksLikeOne && !leaf.idKind && leaf.type === 'string'
        ? [`${where}: write idOf('…') of '@/lib/ids' instead of ${leaf.format ?? 'a bare string'}`]
        : [];
    });
  });
}
