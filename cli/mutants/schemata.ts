import type { CodeMutant, Edit, Mutant, SourceMutant } from './mutant';

/** The variable that wakes a mutant. Not `TENANTRY_…`: test servers are started without those. */
export const mutantVariable = 'MUTANT';

/** The attribute of the page's root by which code in the browser knows it. */
export const mutantAttribute = 'data-mutant';

/** A piece of code that is looked for, and the expression in it. */
export interface Spot {
  readonly start: number;
  readonly end: number;
  readonly expression: string;
}

/**
 * Find where an edit applies.
 * @throws Error when the piece is not there, or more than once
 */
export function spotOf(source: string, { find }: Pick<Edit, 'find'>): Spot {
  const [before = '', rest = ''] = find.split('«');
  const [expression = '', after = ''] = rest.split('»');
  const piece = before + expression + after;
  const at = source.indexOf(piece);
  if (expression === '' || at < 0) throw new Error(`This is not there any more: ${piece}`);
  if (source.indexOf(piece, at + 1) >= 0) throw new Error(`This is there more than once: ${piece}`);
  const start = at + before.length;
  return { start, end: start + expression.length, expression };
}

/** Whether the mutant of this name is awake: on the server by the environment, else by the page. */
const awake = (file: string, name: string): string => {
  const server = `process.env.${mutantVariable} === '${name}'`;
  if (!file.startsWith('components/')) return server;
  return `(typeof document === 'undefined' ? ${server} : document.documentElement.dataset.mutant === '${name}')`;
};

interface Alternative extends Spot {
  readonly name: string;
  readonly instead: string;
}

/** The same file with all mutants in it, each asleep. They may share a spot, and not overlap. */
export function withMutants(source: string, mutants: readonly CodeMutant[]): string {
  const alternatives = mutants
    .flatMap(({ name, edits }) =>
      edits.map((edit): Alternative => ({ name, instead: edit.instead, ...spotOf(source, edit) })),
    )
    .sort((a, b) => b.start - a.start);
  const [file = ''] = mutants.map((mutant) => mutant.file);
  let text = source;
  let from = source.length;
  for (const [at, { start, end, expression }] of alternatives.entries()) {
    const same = alternatives.filter((other) => other.start === start);
    if (alternatives.findIndex((other) => other.start === start) !== at) continue;
    if (end > from || same.some((other) => other.end !== end)) {
      throw new Error(`Two mutants overlap in ${file}: ${expression}`);
    }
    const choice = same.reduce(
      (rest, { name, instead }) => `${awake(file, name)} ? (${instead}) : ${rest}`,
      `(${expression})`,
    );
    text = `${text.slice(0, start)}(${choice})${text.slice(end)}`;
    from = start;
  }
  return text;
}

/** A source with a mutant in it for good. */
export function withSourceMutant(source: string, { find, instead }: SourceMutant): string {
  const at = source.indexOf(find);
  if (at < 0) throw new Error(`This is not there any more: ${find}`);
  if (source.indexOf(find, at + 1) >= 0) throw new Error(`This is there more than once: ${find}`);
  return source.slice(0, at) + instead + source.slice(at + find.length);
}

export const codeMutantsByFile = (
  mutants: readonly Mutant[],
): ReadonlyMap<string, readonly CodeMutant[]> => {
  const code = mutants.filter((mutant): mutant is CodeMutant => mutant.kind === 'code');
  return new Map(
    code.map(({ file }) => [file, code.filter((mutant) => mutant.file === file)] as const),
  );
};
