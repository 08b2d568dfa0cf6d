import { invalid } from './errors';

/** A parsed `fields` parameter: which members to keep; null keeps everything below. */
type Selection = Map<string, Selection | null>;

/**
 * Parse Google's partial response syntax: `a,b/c,d(e,f/g)`, `*` for all.
 * Source: https://developers.google.com/workspace/drive/api/guides/fields-parameter
 */
function parseFields(source: string): Selection {
  let at = 0;

  function list(): Selection {
    const selection: Selection = new Map();
    do {
      const [name, below] = member();
      const known = selection.get(name);
      if (known && below) for (const [key, value] of below) known.set(key, value);
      else selection.set(name, below);
    } while (source[at] === ',' && ++at);
    return selection;
  }

  function member(): [string, Selection | null] {
    const name = /^[\w*]+/.exec(source.slice(at))?.[0];
    if (!name) throw invalid(`Invalid field selection ${source}`, 'fields');
    at += name.length;
    if (source[at] === '/') {
      at += 1;
      return [name, new Map([member()])];
    }
    if (source[at] !== '(') return [name, null];
    at += 1;
    const below = list();
    if (source[at] !== ')') throw invalid(`Invalid field selection ${source}`, 'fields');
    at += 1;
    return [name, below];
  }

  const selection = list();
  if (at < source.length) throw invalid(`Invalid field selection ${source}`, 'fields');
  return selection;
}

function select(value: unknown, selection: Selection | null): unknown {
  if (selection === null || value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((item) => select(item, selection));
  const kept = Object.entries(value)
    .filter(([key]) => selection.has(key) || selection.has('*'))
    .map(([key, inner]) => [key, select(inner, selection.get(key) ?? selection.get('*') ?? null)]);
  return Object.fromEntries(kept);
}

/** Keep of an answer what the `fields` parameter names, or all of it without one. */
export function partial(answer: unknown, fields: string | null): unknown {
  return fields ? select(answer, parseFields(fields.replace(/\s/g, ''))) : answer;
}
