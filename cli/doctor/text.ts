import type { SourceFile } from './source';

/** The text with comments blanked out, offsets kept. Good enough where a string cannot mislead. */
export const withoutComments = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\/|(^|[^:'"`\\])\/\/[^\n]*/g, (comment) =>
    comment.replace(/[^\n]/g, ' '),
  );

/** The text with what stands in quotes blanked out too; the quotes stay. */
export const withoutStrings = (text: string): string =>
  withoutComments(text).replace(/(['"])(?:\\.|(?!\1)[^\\\n])*\1/g, (quoted) =>
    quoted.replace(/(?<=.)[^\n](?=.)/gs, ' '),
  );

/** Where a pattern occurs in a file, comments left out. */
export function occurrences(
  file: SourceFile,
  pattern: RegExp,
  read: (text: string) => string = withoutComments,
): number[] {
  if (!pattern.test(file.text)) return [];
  const everywhere = new RegExp(pattern, `${pattern.flags.replace('g', '')}g`);
  return [...read(file.text).matchAll(everywhere)].map(({ index }) => index);
}
