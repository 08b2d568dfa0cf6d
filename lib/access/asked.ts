/** What somebody asked for, as far as it goes on record when they are refused. */
export interface Asked {
  readonly form: 'page' | 'route' | 'action';
  /** Of an action, such as `runs.cancel`; pages and routes are known by their address. */
  readonly name?: string;
  /** The ids in what was sent, by the name of their field. */
  readonly ids: Readonly<Record<string, string>>;
  /** The frame around a page, which is not what is looked at. */
  readonly frame?: true;
}

const id = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const field = /^[\w.-]{1,60}$/;

/** What is sent may be anything: this many ids are kept, and this many values looked at. */
const limits = { ids: 16, values: 500 };

/**
 * The ids in what was sent, found by their form: it is read before any schema has judged it. Nothing
 * else of it is kept, as it may be a secret.
 */
export function idsIn(sent: unknown): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  const left: [string, unknown][] = [['', sent]];
  for (let seen = 0; left.length > 0 && seen < limits.values; seen += 1) {
    const [name, value] = left.shift() as [string, unknown];
    if (typeof value === 'string' && id.test(value) && field.test(name)) {
      found[name] = value.toLowerCase();
      if (Object.keys(found).length >= limits.ids) break;
    }
    if (typeof value !== 'object' || value === null) continue;
    const entries = Object.entries(value).slice(0, limits.values);
    left.push(
      ...entries.map(
        ([key, item]) => [name ? `${name}.${key}` : key, item] as const as [string, unknown],
      ),
    );
  }
  return found;
}
