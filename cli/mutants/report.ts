import type { ReportHead } from '@/lib/trust/contract';
import type { NamedTest } from './mutant';
import type { Tried } from './run';
import type { Outcome } from './verdict';

/** One mutant as the report has it. */
interface ReportedMutant {
  readonly name: string;
  readonly class: string;
  readonly taken: string;
  readonly where: string;
  readonly outcome: Outcome;
  readonly noticedBy: NamedTest;
  /** The doctor's checks that notice it as well, of a mutant of the database. */
  readonly doctor?: readonly string[];
  readonly said: string;
  readonly seconds: number;
}

export type MutantsReport = ReportHead & { readonly mutants: readonly ReportedMutant[] };

const places = { sql: 'the database', code: 'the code', source: 'the sources' } as const;

function classesOf(tried: readonly Tried[]): MutantsReport['classes'] {
  const names = [...new Set(tried.map(({ mutant }) => mutant.class))].sort();
  return names.map((name) => {
    const those = tried.filter(({ mutant }) => mutant.class === name);
    const held = those.filter(({ verdict }) => verdict.outcome === 'killed').length;
    return { name, cases: those.length, held };
  });
}

/** What came of it, as it is written to `docs/trust/mutants.json`. A killed mutant has passed. */
export function reportOf(
  tried: readonly Tried[],
  facts: Pick<MutantsReport, 'version' | 'commit' | 'sourcesDigest'> & { readonly startedAt: Date },
): MutantsReport {
  const passed = tried.filter(({ verdict }) => verdict.outcome === 'killed').length;
  return {
    kind: 'mutants',
    startedAt: facts.startedAt.toISOString(),
    finishedAt: new Date().toISOString(),
    version: facts.version,
    commit: facts.commit ?? null,
    ...(facts.sourcesDigest && { sourcesDigest: facts.sourcesDigest }),
    passed,
    failed: tried.length - passed,
    classes: classesOf(tried),
    mutants: tried.map(({ mutant, verdict, seconds, doctor }) => ({
      name: mutant.name,
      class: mutant.class,
      taken: mutant.taken,
      where: mutant.kind === 'sql' ? places.sql : `${places[mutant.kind]}: ${mutant.file}`,
      outcome: verdict.outcome,
      noticedBy: mutant.noticedBy,
      ...(doctor && { doctor }),
      said: verdict.said,
      seconds: Math.round(seconds * 10) / 10,
    })),
  };
}

/** Text in a cell of a table. */
const cell = (text: string) =>
  text
    .replaceAll('\\', '\\\\')
    .replaceAll('|', '\\|')
    .replaceAll('<', '&lt;')
    .replaceAll(/\s+/g, ' ');

const outcomes: Readonly<Record<Outcome, string>> = {
  killed: 'noticed',
  survived: '**survived**',
  inconclusive: '**inconclusive**',
};

function row({ name, taken, outcome, noticedBy, doctor = [], seconds }: ReportedMutant): string {
  const also = doctor.length > 0 ? `; the doctor as well: ${doctor.join(', ')}` : '';
  const test = `${cell(noticedBy.title)} (\`${noticedBy.file}\`)${also}`;
  return `| \`${name}\` | ${cell(taken)} | ${outcomes[outcome]} | ${test} | ${seconds} s |`;
}

/** The same as a page for people. */
export function pageOf(report: MutantsReport): string {
  const { finishedAt, commit, version, passed, failed, classes, mutants } = report;
  const sections = classes.map(({ name, cases, held }) => {
    const those = mutants.filter((mutant) => mutant.class === name).map(row);
    return [
      `## ${name}`,
      '',
      `${held} of ${cases} noticed.`,
      '',
      '| Mutant | What was taken away | Outcome | Which test noticed | In |',
      '| --- | --- | --- | --- | --- |',
      ...those,
      '',
    ].join('\n');
  });
  const of = [version && `version ${version}`, commit && `commit ${commit.slice(0, 12)}`];
  return `# Defences taken away

Each line is a mistake that somebody could make: in the database, or in the code. It was made on purpose, in a copy, and the test named beside it had to fail. All of these tests pass when nothing is taken away. \`npm run mutants\` does it again.

**${passed} noticed, ${failed} not**, on ${finishedAt.slice(0, 16).replace('T', ' ')} UTC, ${of.filter(Boolean).join(', ')}.

${sections.join('\n')}`;
}
