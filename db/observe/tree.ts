import type { Token } from './tokens';

/** A token, or what stands in a pair of brackets. */
export type Node = Token | Group;

export interface Group {
  readonly kind: 'group';
  readonly nodes: readonly Node[];
}

/** Put tokens into the brackets they stand in; brackets that do not match end with the text. */
export function grow(tokens: readonly Token[]): Group {
  const root: { kind: 'group'; nodes: Node[] } = { kind: 'group', nodes: [] };
  const open = [root];
  for (const token of tokens) {
    const sign = token.kind === 'sign' ? token.text : '';
    if (sign === '(' || sign === '[') {
      const group = { kind: 'group' as const, nodes: [] as Node[] };
      open.at(-1)?.nodes.push(group);
      open.push(group);
    } else if (sign === ')' || sign === ']') {
      if (open.length > 1) open.pop();
    } else open.at(-1)?.nodes.push(token);
  }
  return root;
}

export const isGroup = (node: Node | undefined): node is Group => node?.kind === 'group';

export const isWord = (node: Node | undefined, ...words: readonly string[]): boolean =>
  node?.kind === 'word' && words.includes(node.text);

export const isSign = (node: Node | undefined, text: string): boolean =>
  node?.kind === 'sign' && node.text === text;

/** A name: quoted, or a word that is not one of SQL's own where names stand. */
export const nameOf = (node: Node | undefined): string | undefined =>
  node?.kind === 'quoted' || (node?.kind === 'word' && !reserved.has(node.text))
    ? node.text
    : undefined;

const queryWords = ['select', 'with', 'insert', 'update', 'delete', 'values', 'table', 'merge'];

/** Whether a group is a query rather than an expression or a list. */
export function isQuery({ nodes: [first] }: Group): boolean {
  return isWord(first, ...queryWords) || (isGroup(first) && isQuery(first));
}

/** Words that cannot be an alias or a column without quotes. */
const reserved = new Set(
  `select from where on using join inner left right full cross natural lateral only as set group
   order having limit offset fetch for union intersect except returning and or not in is any all
   some exists case when then else end values default window with insert update delete into conflict
   do nothing distinct between like ilike null true false nulls asc desc by recursive materialized
   filter over rows`.split(/\s+/),
);
