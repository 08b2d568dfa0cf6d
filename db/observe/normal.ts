import type { Token } from './tokens';

/** Words that stand for values in lists. */
const valueWords = new Set(['default', 'null', 'true', 'false']);

const isSign = (token: Token | undefined, text: string): boolean =>
  token?.kind === 'sign' && token.text === text;

/** Where the list that opens at `open` closes, or undefined if it holds more than values. */
function closeOfValues(tokens: readonly Token[], open: number): number | undefined {
  let depth = 0;
  for (let at = open; at < tokens.length; at += 1) {
    const token = tokens[at] as Token;
    if (isSign(token, '(') || isSign(token, '[')) depth += 1;
    else if (isSign(token, ')') || isSign(token, ']')) {
      depth -= 1;
      if (depth === 0) return at;
    } else if (token.kind === 'word') {
      const cast = isSign(tokens[at - 1], '::');
      if (!cast && !valueWords.has(token.text)) return undefined;
    } else if (token.kind === 'quoted') return undefined;
  }
  return undefined;
}

/** Where the first element of the list that opens at `open` ends. */
function firstEnd(tokens: readonly Token[], open: number, close: number): number {
  let depth = 0;
  for (let at = open + 1; at < close; at += 1) {
    const token = tokens[at];
    if (isSign(token, '(') || isSign(token, '[')) depth += 1;
    else if (isSign(token, ')') || isSign(token, ']')) depth -= 1;
    else if (depth === 0 && isSign(token, ',')) return at;
  }
  return close;
}

/** Where the bracket that opens at `open` closes. */
function closeOf(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let at = open; at < tokens.length; at += 1) {
    if (isSign(tokens[at], '(')) depth += 1;
    else if (isSign(tokens[at], ')')) {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return tokens.length - 1;
}

const more: readonly Token[] = [
  { kind: 'sign', text: ',', spaced: false },
  { kind: 'sign', text: '…', spaced: true },
];

/** Where a list of rows that begins at `at` is over. */
function rowsEnd(tokens: readonly Token[], at: number): number {
  let end = closeOf(tokens, at);
  while (isSign(tokens[end + 1], ',') && isSign(tokens[end + 2], '(')) {
    end = closeOf(tokens, end + 2);
  }
  return end;
}

/** Lists of values of any length become one: `in ($1, …)`, `array[$1, …]`, `values ($1, $2), …`. */
function withoutLengths(tokens: readonly Token[]): readonly Token[] {
  const short: Token[] = [];
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at] as Token;
    short.push(token);
    if (token.kind !== 'word') continue;
    const opens = isSign(tokens[at + 1], '(') || isSign(tokens[at + 1], '[');
    if (!opens) continue;
    if (token.text === 'values') {
      short.push(...tokens.slice(at + 1, closeOf(tokens, at + 1) + 1), ...more);
      at = rowsEnd(tokens, at + 1);
    } else if (token.text === 'in' || token.text === 'array') {
      const close = closeOfValues(tokens, at + 1);
      if (close === undefined) continue;
      short.push(...tokens.slice(at + 1, firstEnd(tokens, at + 1, close)), ...more);
      at = close - 1;
    }
  }
  return short;
}

/**
 * A statement without anything that anybody gave: literals become `?`, comments go, lists of values
 * lose their length and parameters are counted anew. What is left is the same for all calls of one
 * query, and can be shown.
 */
export function normalText(tokens: readonly Token[]): string {
  const numbers = new Map<string, number>();
  let text = '';
  for (const { kind, text: word, spaced } of withoutLengths(tokens)) {
    if (spaced && text !== '') text += ' ';
    if (kind === 'quoted') text += `"${word.replaceAll('"', '""')}"`;
    else if (kind === 'literal') text += '?';
    else if (kind === 'parameter') {
      if (!numbers.has(word)) numbers.set(word, numbers.size + 1);
      text += `$${numbers.get(word)}`;
    } else text += word;
  }
  return text;
}

const value = '(?:\\$\\d+|default|null)';
const row = `\\(${value}(?:, ${value})*\\)`;
const manyRows = new RegExp(`(${row})(?:, ${row})+`, 'g');
const manyValues = /\((\$\d+)(?:, \$\d+){20,}\)/g;

/**
 * A long text with its lists of rows and of parameters cut to their first. Quick, where cutting all of
 * it into tokens would take longer than running it.
 */
export function withoutLongLists(sql: string): string {
  return sql.replace(manyRows, '$1').replace(manyValues, '($1)');
}
