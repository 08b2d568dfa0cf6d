import type { CheckResult, Finding } from './finding';
import { isProduct, isTest, type SourceFile } from './source';

/** The text with comments blanked out, offsets kept. Good enough where a string cannot mislead. */
const withoutComments = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\/|(^|[^:'"`\\])\/\/[^\n]*/g, (comment) =>
    comment.replace(/[^\n]/g, ' '),
  );

function occurrences(file: SourceFile, pattern: RegExp): number[] {
  if (!pattern.test(file.text)) return [];
  const everywhere = new RegExp(pattern, 'g');
  return [...withoutComments(file.text).matchAll(everywhere)].map(({ index }) => index);
}

/** The compiler puts these in place of the expression; they are no configuration. */
const environment =
  /\bprocess\s*(?:\?\.|\.)\s*env\b(?!\s*\.\s*(?:NEXT_RUNTIME|NODE_ENV)\b)|\bprocess\s*\[\s*['"]env['"]\s*\]|\{[^{}]*\benv\b[^{}]*\}\s*from\s*['"](?:node:)?process['"]/;

/** Configuration is read, and validated, in one place. */
export function checkEnvironment(files: readonly SourceFile[]): CheckResult {
  const looked = files.filter(
    ({ path }) => isProduct(path) && path !== 'lib/env.ts' && !isTest(path),
  );
  const findings = looked.flatMap((file) =>
    occurrences(file, environment).map(
      (offset): Finding => ({
        where: file.at(offset),
        problem: 'process.env is read here, past the validation.',
        remedy: "Add the variable to lib/env.ts and import { env } from '@/lib/env'.",
      }),
    ),
  );
  return {
    check: 'Configuration is read in lib/env.ts',
    looked: `${looked.length} files`,
    findings,
  };
}

/** A cached closure has given one tenant's data to another. */
export function checkCaching(files: readonly SourceFile[]): CheckResult {
  const looked = files.filter(({ path }) => isProduct(path));
  const findings = looked.flatMap((file) =>
    occurrences(file, /\bunstable_cache\b/).map(
      (offset): Finding => ({
        where: file.at(offset),
        problem:
          'unstable_cache does not tell tenants apart: what a closure holds is no part of its key.',
        remedy: 'Read through the door each time, or cache under a key that holds the tenant.',
      }),
    ),
  );
  return { check: 'Nothing is cached across tenants', looked: `${looked.length} files`, findings };
}
