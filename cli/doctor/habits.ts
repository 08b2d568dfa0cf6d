import { type DoctorCheck, type Finding, placed } from '@/lib/doctor';
import { isProduct, isTest, type SourceFile } from './source';
import { occurrences, withoutComments, withoutStrings } from './text';

/** The compiler puts these in place of the expression; they are no configuration. */
const environment =
  /\bprocess\s*(?:\?\.|\.)\s*env\b(?!\s*\.\s*(?:NEXT_RUNTIME|NODE_ENV)\b)|\bprocess\s*\[\s*['"]env['"]\s*\]|\{[^{}]*\benv\b[^{}]*\}\s*from\s*['"](?:node:)?process['"]/;

/** Configuration is read, and validated, in one place. */
export function checkEnvironment(files: readonly SourceFile[]): DoctorCheck {
  const looked = files.filter(
    ({ path }) => isProduct(path) && path !== 'lib/env.ts' && !isTest(path),
  );
  const findings = looked.flatMap((file) =>
    occurrences(file, environment).map(
      (offset): Finding => ({
        where: file.at(offset),
        problem: 'process.env is read here, past the validation.',
        remedy: "Add the variable to lib/env.ts and import { env } from '@/lib/env'.",
        severity: 'warning',
      }),
    ),
  );
  return placed('configuration', 'code', {
    check: 'Configuration is read in lib/env.ts',
    looked: `${looked.length} files`,
    findings,
  });
}

/** Ways of the framework to answer one request with what was made for another. */
const caches: readonly { readonly pattern: RegExp; readonly problem: string }[] = [
  {
    pattern: /\bunstable_cache\b/,
    problem:
      'unstable_cache does not tell tenants apart: what a closure holds is no part of its key.',
  },
  {
    pattern: /^[ \t]*['"]use cache(?:: \w+)?['"];?[ \t]*$/m,
    problem: "'use cache' keeps an answer, and does not know whose request it was made for.",
  },
  {
    pattern: /\b(?:cacheComponents|useCache)\s*:\s*true\b/,
    problem: 'The framework is told to cache components.',
  },
  {
    pattern: /\bcache\s*:\s*['"](?:force-cache|only-if-cached)['"]/,
    problem: 'The answer to this fetch is kept and given to whoever asks next.',
  },
  {
    pattern: /\bnext\s*:\s*\{\s*(?:revalidate|tags)\b/,
    problem: 'The answer to this fetch is kept and given to whoever asks next.',
  },
  {
    pattern:
      /^export const (?:revalidate\s*=|fetchCache\s*=|dynamic\s*=\s*['"](?:force-static|error)['"])/m,
    problem: 'This page or route is made once and given to everybody.',
  },
];

/** A cached closure has given one tenant's data to another. */
export function checkCaching(files: readonly SourceFile[]): DoctorCheck {
  const looked = files.filter(({ path }) => isProduct(path) || path.startsWith('next.config.'));
  const findings = looked.flatMap((file) =>
    caches.flatMap(({ pattern, problem }) =>
      occurrences(file, pattern).map(
        (offset): Finding => ({
          where: file.at(offset),
          problem,
          remedy: 'Read through the door each time, or cache under a key that holds the tenant.',
        }),
      ),
    ),
  );
  return placed('caches', 'code', {
    check: 'Nothing is cached across tenants',
    looked: `${looked.length} files`,
    findings,
  });
}

/**
 * Events that carry anything may be sent by the relay alone: what it sends was committed with its
 * reason. One that carries nothing, `data: {}`, only wakes somebody.
 */
const sending = /\b(?:inngest\s*\.\s*send|step\s*\.\s*sendEvent)\s*\((?![^;]*\bdata\s*:\s*\{\s*\})/;
/** A function that is handed its event. */
const takesEvent = /\(\s*\{[^()]*\bevent\b[^()]*\}\s*\)\s*=>/;
/** What an event says of itself is not to be believed; only which job it is about. */
const believing =
  /\bevent\s*\.\s*data\s*(?:\.\s*(?!event\b)\w|\[)|\{[^{}]*\}\s*=\s*event\s*\.\s*data\b/;

/** Door 7: a job carries ids, and its tenant is its row's. */
export function checkJobs(files: readonly SourceFile[]): DoctorCheck {
  const looked = files.filter(
    ({ path, text }) =>
      isProduct(path) && !path.startsWith('lib/jobs/') && /\binngest\b/.test(text),
  );
  const findings = looked.flatMap((file) => [
    ...occurrences(file, sending, withoutStrings).map(
      (offset): Finding => ({
        where: file.at(offset),
        problem: 'An event is sent past the outbox: it may carry anything, and outlive its reason.',
        remedy: 'Use enqueueJob() of @/lib/jobs in the transaction that gives the reason.',
      }),
    ),
    ...occurrences(file, believing, withoutStrings).map(
      (offset): Finding => ({
        where: file.at(offset),
        problem: 'A job believes what its event says, which anybody who can send one may choose.',
        remedy: 'Take tenant and subject from jobContext(event), which reads the job’s own row.',
      }),
    ),
    ...(takesEvent.test(withoutComments(file.text)) && !/\bjobContext\s*\(/.test(file.text)
      ? [
          {
            where: file.path,
            problem: 'A job is carried out without asking for its own row.',
            remedy: 'Begin with jobContext(event), which takes the tenant from the job’s row.',
          },
        ]
      : []),
  ]);
  return placed('jobs', 'code', {
    check: 'Jobs take tenant and subject from their own row',
    looked: `${looked.length} files`,
    findings,
  });
}
