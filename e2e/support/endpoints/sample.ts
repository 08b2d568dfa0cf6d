import type { Sent } from '.';

/** Something to send that a schema takes: what is required of it, and whatever is asked for. */
export interface Wish {
  /** An id of this kind, for the place at this path. */
  readonly id: (kind: string, path: readonly string[]) => string;
  /** Fill in this optional place too. */
  readonly also?: readonly string[];
  /** What stands at the top level instead of a sample. */
  readonly given?: Readonly<Record<string, unknown>>;
}

const startsWith = (path: readonly string[], start: readonly string[]) =>
  start.every((name, at) => path[at] === name);

const takes = (schema: Sent, [name, ...rest]: readonly string[]): boolean => {
  if (name === undefined) return true;
  const inside = name === '*' ? schema.items : schema.properties?.[name];
  if (inside) return takes(inside, rest);
  return [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].some((each) =>
    takes(each, [name, ...rest]),
  );
};

function text({ format, minLength = 0 }: Sent, path: readonly string[]): string {
  const name = path.at(-1) ?? '';
  if (format === 'email' || /e?mail$|^administrator$/i.test(name))
    return `${crypto.randomUUID()}@sample.example`;
  if (format === 'uuid') return crypto.randomUUID();
  return `Sample ${name}`.padEnd(minLength, '.');
}

function object(schema: Sent, wish: Wish, path: readonly string[]): Record<string, unknown> {
  const { properties = {}, required = [] } = schema;
  const wanted = Object.keys(properties).filter(
    (name) => required.includes(name) || startsWith(wish.also ?? [], [...path, name]),
  );
  return Object.fromEntries(
    wanted.map((name) => [name, sample(properties[name] ?? {}, wish, [...path, name])]),
  );
}

/** A value that `schema` takes. */
export function sample(schema: Sent, wish: Wish, path: readonly string[] = []): unknown {
  if (path.length === 0 && wish.given) {
    const made = sample(schema, { ...wish, given: undefined } as never, path);
    return { ...(made as object), ...wish.given };
  }
  if (schema.idKind) return wish.id(schema.idKind, path);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum.at(-1);
  const forms = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  if (forms.length > 0) {
    const rest = (wish.also ?? []).slice(path.length);
    const wanted = startsWith(wish.also ?? [], path) && forms.find((form) => takes(form, rest));
    return sample(wanted || (forms[0] ?? {}), wish, path);
  }
  if (schema.type === 'object') return object(schema, wish, path);
  if (schema.type === 'array') {
    const within = startsWith(wish.also ?? [], [...path, '*']) && (wish.also ?? []).length > 0;
    return within && schema.items ? [sample(schema.items, wish, [...path, '*'])] : [];
  }
  if (schema.type === 'boolean') return true;
  if (schema.type === 'integer' || schema.type === 'number') return 1;
  return schema.type === 'string' ? text(schema, path) : undefined;
}
