import {
  isOfRunning,
  type Release,
  type ReportKind,
  sameCommit,
  type TrustReport,
} from '@/lib/trust/contract';

type ShownKind = Exclude<ReportKind, 'bench'>;

interface KindWords {
  readonly kind: ShownKind;
  readonly title: string;
  readonly what: string;
  /** What a case of it is, for the figure. */
  readonly cases: readonly [one: string, many: string];
  readonly held: string;
  /** Said when it has never run. */
  readonly absent: string;
}

/** The proofs in the order in which they build on one another. */
export const kinds: readonly KindWords[] = [
  {
    kind: 'doctor',
    title: 'Checks of this system',
    what: 'At every start, and whenever our staff ask, the running database, its settings and the code are compared with what keeps organisations apart: who may read which table, which rule guards each row, and whether what must not work is refused.',
    cases: ['check', 'checks'],
    held: 'hold',
    absent: 'It runs at the next start.',
  },
  {
    kind: 'isolation',
    title: 'Attacks that were tried',
    what: 'Before a release, a suite signs in as one organisation and tries to reach another’s data in every way we know: every table, every page, every request, with the other’s ids. What is its own it has to get, what is another’s it must not.',
    cases: ['attempt', 'attempts'],
    held: 'came out as they should',
    absent: 'This version came without a report of it.',
  },
  {
    kind: 'mutants',
    title: 'Defences taken away',
    what: 'A test that never fails proves nothing. So defences are taken away one at a time, and the tests have to notice each time.',
    cases: ['defence', 'defences'],
    held: 'were noticed to be missing',
    absent: 'This version came without a report of it.',
  },
];

interface ClassGroup {
  /** How names of its classes begin. */
  readonly prefix: string;
  readonly title: string;
  readonly what: string;
  readonly more: { readonly label: string; readonly href: string };
}

/** What attacks aim at, in plain words, with where to read on. */
export const groups: readonly ClassGroup[] = [
  {
    prefix: 'app:',
    title: 'Through the application',
    what: 'Somebody who is signed in puts another organisation’s id into an address, a form or a header. The answer has to be the same as for something that does not exist.',
    more: {
      label: 'Broken object level authorisation (OWASP)',
      href: 'https://owasp.org/API-Security/editions/2023/en/0xa1-broken-object-level-authorization/',
    },
  },
  {
    prefix: 'sql:',
    title: 'Inside the database',
    what: 'A fault in our code lets somebody run SQL of their own. The database itself has to refuse other organisations’ rows, whatever the SQL says.',
    more: {
      label: 'Row security policies (PostgreSQL)',
      href: 'https://www.postgresql.org/docs/current/ddl-rowsecurity.html',
    },
  },
  {
    prefix: 'cache:',
    title: 'Through caches',
    what: 'An answer that was made for one organisation is kept, and given to another. Nothing of an organisation may be kept where another’s request can find it.',
    more: {
      label: 'Cache with sensitive information (CWE-524)',
      href: 'https://cwe.mitre.org/data/definitions/524.html',
    },
  },
  {
    prefix: 'job:',
    title: 'Through background work',
    what: 'A message asks for work in another organisation’s name. Work takes its organisation from our own record of it, never from the message.',
    more: {
      label: 'Confused deputy (CWE-441)',
      href: 'https://cwe.mitre.org/data/definitions/441.html',
    },
  },
];

export interface GroupedClasses extends ClassGroup {
  readonly classes: TrustReport['classes'];
  readonly cases: number;
  readonly held: number;
}

/** A report's classes by what they aim at; those of no known aim are left to the report itself. */
export function groupClasses(classes: TrustReport['classes']): readonly GroupedClasses[] {
  return groups.map((group) => {
    const ours = classes
      .filter(({ name }) => name.startsWith(group.prefix))
      .map((each) => ({ ...each, name: each.name.slice(group.prefix.length).trim() }));
    const sum = (key: 'cases' | 'held') => ours.reduce((total, each) => total + each[key], 0);
    return { ...group, classes: ours, cases: sum('cases'), held: sum('held') };
  });
}

/** How many cases a report tried and how many held, by its classes, or by its tests without any. */
export function figures(report: TrustReport): { readonly cases: number; readonly held: number } {
  if (report.classes.length === 0) {
    return { cases: report.passed + report.failed, held: report.passed };
  }
  const sum = (key: 'cases' | 'held') =>
    report.classes.reduce((total, each) => total + each[key], 0);
  return { cases: sum('cases'), held: sum('held') };
}

/** `12,345` */
export const figure = (value: number): string => value.toLocaleString('en');

const shortCommit = (commit: string): string => commit.slice(0, 8);

/** Of which state of Tenantry a report is, said after when it was made. */
export function stateText(report: TrustReport, running: Release): string {
  const { version, commit } = report;
  const made = commit ? `commit ${shortCommit(commit)}` : `version ${version}`;
  const here = running.commit ? shortCommit(running.commit) : `version ${running.version}`;
  switch (isOfRunning(report, running)) {
    case 'yes':
      return `of what runs here, version ${version}${commit ? `, commit ${shortCommit(commit)}` : ''}`;
    case 'no':
      if (sameCommit(commit, running.commit)) {
        return `of another state of Tenantry (${made}, with other changes on top than here)`;
      }
      return commit || running.version !== version
        ? `of another state of Tenantry (${made}; ${here} runs here)`
        : `of another state of Tenantry that is called version ${version} too`;
    case 'unknown':
      return commit && running.commit
        ? `at ${made}; ${here} runs here. It does not say of which sources it is, so it may be of others`
        : `of version ${version}`;
  }
}
