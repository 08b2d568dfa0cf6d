/**
 * A page's data as React's server writes it: rows that refer to one another. What comes in a row of
 * its own, and which of several places holds a thing that the others refer to, hangs on what got ready
 * first; put together again it is the same each time.
 */

type Model =
  | null
  | boolean
  | number
  | string
  | readonly Model[]
  | { readonly [name: string]: Model };

/** Of a row: data, a text by itself, or what has a letter before it, such as the place of a script. */
type Row =
  | { readonly is: 'model'; readonly model: Model }
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'other'; readonly letters: string; readonly model: Model };

function rowOf(text: string): Row {
  const [, letters = '', rest = ''] = /^([A-Z]*)(.*)$/s.exec(text) ?? [];
  let model: Model = rest;
  try {
    model = JSON.parse(rest) as Model;
  } catch {
    return { is: 'other', letters, model };
  }
  return letters === '' ? { is: 'model', model } : { is: 'other', letters, model };
}

/** By number, in their order. A long text's row says how many bytes it has, and ends there. */
function rowsOf(data: Buffer): ReadonlyMap<string, Row> {
  const rows = new Map<string, Row>();
  for (let at = 0; at < data.length; ) {
    const colon = data.indexOf(':', at);
    const line = data.indexOf('\n', at);
    const end = line < 0 ? data.length : line;
    const from = colon < 0 || colon > end ? at : colon + 1;
    const id = data.toString('latin1', at, Math.max(at, from - 1));
    const long = /^T([0-9a-f]+),/.exec(data.toString('latin1', from, from + 20));
    const begin = from + (long?.[0].length ?? 0);
    const stop = long ? begin + Number.parseInt(long[1] ?? '', 16) : end;
    const text = data.toString('utf8', begin, stop);
    // Hints have no number, and may be there more than once.
    rows.set(id || `hint ${text}`, long ? { is: 'text', text } : rowOf(text));
    at = long ? stop : stop + 1;
  }
  return rows;
}

const reference = /^\$([L@hQWiZ]?)([0-9a-f]+)((?::.*)?)$/s;
/** Where an element, `["$", type, key, props]`, has what it is asked for by name. */
const inElement: Readonly<Record<string, number>> = { type: 1, key: 2, props: 3 };

class Page {
  readonly #rows: ReadonlyMap<string, Row>;
  readonly #under = new Set<string>();
  readonly reached = new Set<string>();

  constructor(rows: ReadonlyMap<string, Row>) {
    this.#rows = rows;
  }

  /** The data that a reference leads to; undefined where it leads to none. */
  #target(id: string, path: string): Model | undefined {
    this.reached.add(id);
    const row = this.#rows.get(id);
    let model = row?.is === 'model' ? row.model : undefined;
    for (const name of path.split(':').slice(1)) {
      const [, , next, further] = (typeof model === 'string' && reference.exec(model)) || [];
      if (next !== undefined) model = this.#target(next, further ?? '');
      if (typeof model !== 'object' || model === null) return undefined;
      const element = Array.isArray(model) && model[0] === '$' ? inElement[name] : undefined;
      model = (model as { readonly [name: string]: Model })[element ?? name];
    }
    return model;
  }

  #referred(asked: string, id: string, path: string): string {
    const row = this.#rows.get(id);
    const key = `${id}${path}`;
    if (row?.is === 'text') {
      this.reached.add(id);
      return JSON.stringify(row.text);
    }
    const model = this.#under.has(key) ? undefined : this.#target(id, path);
    // A script's place, or one that this stands in.
    if (model === undefined) return `"${asked.replace(id, '#')}"`;
    this.#under.add(key);
    const text = this.text(model);
    this.#under.delete(key);
    return text;
  }

  /** With everything in it that it refers to. */
  text(model: Model): string {
    if (typeof model === 'string') {
      const [, , id, path] = reference.exec(model) ?? [];
      return id === undefined ? JSON.stringify(model) : this.#referred(model, id, path ?? '');
    }
    if (typeof model !== 'object' || model === null) return JSON.stringify(model);
    if (Array.isArray(model)) return `[${model.map((each) => this.text(each)).join()}]`;
    const fields = Object.entries(model).map(
      ([name, each]) => `${JSON.stringify(name)}:${this.text(each)}`,
    );
    return `{${fields.join()}}`;
  }
}

/** What a page's data says: the page itself, and whatever comes beside it. */
export function saidBy(data: Buffer): string[] {
  const rows = rowsOf(data);
  const page = new Page(rows);
  const root = rows.get('0');
  const said = root?.is === 'model' ? [page.text(root.model)] : [];
  for (const row of rows.values()) {
    if (row.is === 'other') said.push(row.letters + page.text(row.model));
  }
  for (const [id, row] of rows) {
    if (row.is === 'other' || id === '0' || page.reached.has(id)) continue;
    said.push(row.is === 'model' ? page.text(row.model) : row.text);
  }
  return said.sort();
}
