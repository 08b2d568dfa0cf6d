import type { ClientBase } from 'pg';
import { type Mark, markedId, someNumber } from './marks';

/** A value as text, to be cast to its column's type. */
export type Value = string | null;

interface TypeRow {
  readonly type: string;
  readonly kind: string;
  readonly category: string;
  /** Of an array its element, of a domain its base. */
  readonly inner: string | null;
  readonly labels: readonly string[];
}

/** What is known of the types that columns have, by the name that a cast takes. */
export type Types = ReadonlyMap<string, TypeRow>;

export async function readTypes(client: ClientBase): Promise<Types> {
  const { rows } = await client.query<TypeRow>(`
    with recursive used as (
      select a.atttypid as oid, format_type(a.atttypid, a.atttypmod) as type
        from pg_attribute a join pg_class c on c.oid = a.attrelid
        join pg_namespace n on n.oid = c.relnamespace
       where n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and a.attnum > 0 and not a.attisdropped
      union
      select i.oid, format_type(i.oid, null) from used
        join pg_type t on t.oid = used.oid
        join pg_type i on i.oid = case when t.typtype = 'd' then t.typbasetype else t.typelem end
       where t.typtype = 'd' or t.typcategory = 'A'
    )
    select used.type, t.typtype as kind, t.typcategory as category,
           case when t.typtype = 'd' then format_type(t.typbasetype, null)
                when t.typcategory = 'A' then format_type(t.typelem, null) end as inner,
           array(select e.enumlabel::text from pg_enum e where e.enumtypid = t.oid order by e.enumsortorder) as labels
      from used join pg_type t on t.oid = used.oid`);
  return new Map(rows.map((row) => [row.type, row]));
}

/** By a type's name without its modifier. */
const makers: Readonly<Record<string, (mark: Mark) => string>> = {
  uuid: markedId,
  boolean: () => 'true',
  date: () => '2026-01-01',
  'timestamp with time zone': () => '2026-01-01T00:00:00Z',
  'timestamp without time zone': () => '2026-01-01T00:00:00',
  'time with time zone': () => '12:00:00Z',
  'time without time zone': () => '12:00:00',
  interval: () => '1 hour',
  json: ({ text }) => JSON.stringify({ mark: text }),
  jsonb: ({ text }) => JSON.stringify({ mark: text }),
  bytea: ({ text }) => `\\x${Buffer.from(text).toString('hex')}`,
  inet: () => '192.0.2.1',
  cidr: () => '192.0.2.0/24',
  macaddr: () => '08:00:2b:01:02:03',
  tsvector: ({ text }) => text,
  oid: () => '1',
  bit: () => '1',
};

let count = 0;
/** Text that no other row has, so that unique keys are kept. */
function uniqueText({ text }: Mark, limit: number): string {
  count += 1;
  return `${text}-${count.toString(36)}`.slice(0, limit);
}

/** A moment that no other row has: long before anybody had rows, a minute later each time. */
function uniqueMoment(): string {
  count += 1;
  return new Date(Date.UTC(1990, 0, 1, 0, count)).toISOString();
}

/**
 * A value of this type that carries the mark, if the type can carry one.
 * @param inKey a unique key takes it in: no two may be the same, where the type has enough values
 * @returns undefined for a type that the suite knows no value of
 */
export function markedValue(
  types: Types,
  type: string,
  mark: Mark,
  inKey = false,
): string | undefined {
  const known = types.get(type);
  if (known?.inner && known.kind === 'd') return markedValue(types, known.inner, mark, inKey);
  if (known?.inner) {
    const element = markedValue(types, known.inner, mark);
    return element === undefined ? undefined : `{"${element.replaceAll(/["\\]/g, '\\$&')}"}`;
  }
  if (known?.kind === 'e') return known.labels[0];
  if (known?.kind === 'r') return 'empty';
  if (known?.category === 'S') return uniqueText(mark, Number(/\((\d+)\)/.exec(type)?.[1] ?? 200));
  if (known?.category === 'N') return someNumber();
  if (inKey && type.startsWith('timestamp')) return uniqueMoment();
  return makers[type.replace(/\(.*\)/, '')]?.(mark);
}
