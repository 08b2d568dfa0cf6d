import type { PoolClient } from 'pg';
import type { Shape } from './answer';
import type { Prelude, Statement } from './exchange';
import { oncePerProcess } from './once';

/** A statement that a connection has parsed, with the shape of its answer once that is known. */
interface Parsed {
  readonly text: string;
  shape: Shape | undefined;
}

/**
 * The names that a connection has parsed. The shape of an answer is kept: PostgreSQL refuses to
 * run a named statement whose answer has changed its shape (0A000), so it need not be told again.
 */
export type ParsedNames = Map<string, Parsed>;

/** A copy of this module that did not know would parse a name twice. */
const parsed = oncePerProcess('parsed', () => new WeakMap<object, ParsedNames>());

/** @param wire what `pg` calls a connection: the protocol's end of it */
export function parsedOn(wire: object): ParsedNames {
  const known = parsed.get(wire);
  if (known) return known;
  const names: ParsedNames = new Map();
  parsed.set(wire, names);
  return names;
}

/** Whether a connection has parsed all of this and knows its answer, so that nothing is to be told. */
export function knows(
  client: PoolClient,
  preludes: readonly Prelude[],
  { name = '', text }: Statement,
): boolean {
  const names = parsedOn(client.connection);
  const known = names.get(name);
  if (known?.shape === undefined || known.text !== text) return false;
  return preludes.every((prelude) => names.has(prelude.name ?? ''));
}
