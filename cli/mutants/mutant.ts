/** A defence taken away on purpose, and the test that has to notice. */

/** One test, by its file and its title: the narrowest that is to notice. */
export interface NamedTest {
  /** From the repository's root. */
  readonly file: string;
  /** Its own title, as written; of a test that is made of a table, as its line reads. */
  readonly title: string;
}

interface Common {
  /** As typed on the command line. */
  readonly name: string;
  /** The attack class that the defence stands against, as named in the reference. */
  readonly class: string;
  /** What was taken away, in plain words. */
  readonly taken: string;
  readonly noticedBy: NamedTest;
}

/** What a database administrator or a migration could have done to a database. */
export interface SqlMutant extends Common {
  readonly kind: 'sql';
  /** Run as the superuser in a prepared database, before anything is tried. */
  readonly statements: string;
}

/**
 * What a developer could have written instead. All of these stand in one copy of the code, each asleep
 * until its name is given: so one build serves them all.
 */
export interface CodeMutant extends Common {
  readonly kind: 'code';
  readonly file: string;
  readonly edits: readonly Edit[];
}

/** A change of one expression. */
export interface Edit {
  /** A piece of the file that is there once, with the expression to exchange in `«…»`. */
  readonly find: string;
  /** The expression that stands there instead. */
  readonly instead: string;
}

/** What a test sees that reads the sources: they are changed for its time. */
export interface SourceMutant extends Common {
  readonly kind: 'source';
  readonly file: string;
  /** A piece of the file that is there once. */
  readonly find: string;
  readonly instead: string;
}

export type Mutant = SqlMutant | CodeMutant | SourceMutant;

/** By what a test is run. */
export type Runner = 'playwright' | 'vitest';

export const runnerOf = ({ file }: NamedTest): Runner =>
  file.startsWith('e2e/') ? 'playwright' : 'vitest';

/** Whether a test needs the built product: those of the SQL half of the isolation suite do not. */
export const needsBuild = (test: NamedTest): boolean =>
  runnerOf(test) === 'playwright' && !test.file.startsWith('e2e/isolation/sql-');
