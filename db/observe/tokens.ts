/** A piece of SQL, as PostgreSQL's lexer cuts it (manual, "Lexical Structure"). */
export interface Token {
  readonly kind: 'word' | 'quoted' | 'parameter' | 'literal' | 'sign';
  /** As written; a quoted name without its quotes, a plain word in lower case. */
  readonly text: string;
  /** Whether white space or a comment stood before it. */
  readonly spaced: boolean;
}

/** Each alternative takes time in proportion to what it matches. */
const lexer = new RegExp(
  [
    /(?<space>\s+|--[^\n]*)/,
    /(?<comment>\/\*)/,
    /(?<escaped>[eE]'(?:[^'\\]|\\[\s\S]|'')*'?)/,
    /(?<text>(?:[bBxXnN]|[uU]&)?'(?:[^']|'')*'?)/,
    /(?<quoted>"(?:[^"]|"")*"?)/,
    /(?<parameter>\$\d+)/,
    /(?<dollar>\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$)/,
    /(?<number>(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/,
    /(?<word>[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)/,
    /(?<sign>::|[<>=!~@#%^&|`?+*/-]+|[\s\S])/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'y',
);

/** Where a comment that begins at `from` ends; they nest. */
function commentEnd(sql: string, from: number): number {
  let depth = 0;
  for (let at = from; at < sql.length; at += 1) {
    const pair = sql.slice(at, at + 2);
    if (pair === '/*') depth += 1;
    else if (pair === '*/') depth -= 1;
    else continue;
    at += 1;
    if (depth === 0) return at + 1;
  }
  return sql.length;
}

/** A run of signs ends where a comment begins. */
function signs(run: string): string {
  const cut = run.slice(1).search(/--|\/\*/);
  return cut < 0 ? run : run.slice(0, cut + 1);
}

/** Cut a statement into tokens; comments are left out. Text that is no SQL gives tokens all the same. */
export function tokenize(sql: string): readonly Token[] {
  const tokens: Token[] = [];
  let spaced = false;
  let at = 0;
  const add = (kind: Token['kind'], text: string) => {
    tokens.push({ kind, text, spaced });
    spaced = false;
  };
  while (at < sql.length) {
    lexer.lastIndex = at;
    const groups: Partial<Record<string, string>> = lexer.exec(sql)?.groups ?? {};
    at = lexer.lastIndex;
    if (groups.space !== undefined) spaced = true;
    else if (groups.comment !== undefined) {
      at = commentEnd(sql, at - 2);
      spaced = true;
    } else if (groups.word !== undefined) add('word', groups.word.toLowerCase());
    else if (groups.quoted !== undefined)
      add('quoted', groups.quoted.slice(1).replace(/"$/, '').replaceAll('""', '"'));
    else if (groups.parameter !== undefined) add('parameter', groups.parameter);
    else if (groups.dollar !== undefined) {
      const end = sql.indexOf(groups.dollar, at);
      at = end < 0 ? sql.length : end + groups.dollar.length;
      add('literal', '?');
    } else if (groups.sign !== undefined) {
      const sign = signs(groups.sign);
      at += sign.length - groups.sign.length;
      add('sign', sign);
    } else add('literal', '?');
  }
  return tokens;
}
