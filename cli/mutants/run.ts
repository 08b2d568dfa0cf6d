import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildCopy, makeCopy, makePlainCopy } from './copy';
import { type Mutant, type NamedTest, needsBuild, runnerOf, type SourceMutant } from './mutant';
import { mutantVariable, withSourceMutant } from './schemata';
import { runTests, type TestResult } from './tests';
import { type Verdict, verdictOf } from './verdict';

/** A mutant, and what became of it. */
export interface Tried {
  readonly mutant: Mutant;
  readonly verdict: Verdict;
  /** From the start of the test to its verdict, the start of what it needs included. */
  readonly seconds: number;
}

/** Where each kind is tried. */
interface Grounds {
  /** The repository itself, in which nothing is changed. */
  readonly root: string;
  /** A copy with the code's mutants asleep in it. */
  readonly copy: string;
  /** A copy whose sources are changed and put back. */
  readonly plain: string;
}

const groundOf = ({ root, copy, plain }: Grounds, { kind }: Mutant) =>
  ({ sql: root, code: copy, source: plain })[kind];

const lanes = 2;

/** Do something with each, two at a time. */
async function side<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
  atOnce = lanes,
) {
  const left = [...items];
  const lane = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}

const sameTest = (one: NamedTest, other: NamedTest) =>
  one.file === other.file && one.title === other.title;

/**
 * The tests without a mutant: what fails anyway would prove nothing.
 * @throws Error naming the tests that fail, or are not there
 */
async function requireSoundTests(grounds: Grounds, chosen: readonly Mutant[]): Promise<void> {
  const places = new Map<string, { readonly root: string; tests: NamedTest[] }>();
  for (const mutant of chosen) {
    const { noticedBy } = mutant;
    const root = groundOf(grounds, mutant);
    const key = `${root} ${runnerOf(noticedBy)} ${needsBuild(noticedBy)}`;
    const place = places.get(key) ?? { root, tests: [] };
    if (!place.tests.some((test) => sameTest(test, noticedBy))) place.tests.push(noticedBy);
    places.set(key, place);
  }
  const unsound: string[] = [];
  for (const { root, tests } of places.values()) {
    const results = await runTests(tests, { root, workers: lanes });
    unsound.push(...tests.flatMap((test) => complaint(test, results)));
  }
  if (unsound.length === 0) return;
  throw new Error(`Without any mutant these tests do not pass:\n${unsound.join('\n')}`);
}

function complaint({ file, title }: NamedTest, results: readonly TestResult[]): string[] {
  const named = results.filter((result) => result.title === title);
  if (named.length === 0) return [`${file}: there is no test "${title}"`];
  const failed = named.find(({ passed }) => !passed);
  return failed ? [`${file}: "${title}" says: ${failed.message.slice(0, 600)}`] : [];
}

/** Run the test that is to notice, with the mutant awake. */
async function tryTest(mutant: Mutant, root: string, env: Record<string, string>): Promise<Tried> {
  const from = performance.now();
  const verdict = await runTests([mutant.noticedBy], { root, env }).then(
    (results) => verdictOf(mutant, results),
    (error: Error): Verdict => ({ outcome: 'inconclusive', said: error.message }),
  );
  return { mutant, verdict, seconds: (performance.now() - from) / 1_000 };
}

async function trySource(mutant: SourceMutant, plain: string): Promise<Tried> {
  const file = join(plain, mutant.file);
  const source = readFileSync(file, 'utf8');
  writeFileSync(file, withSourceMutant(source, mutant));
  try {
    return await tryTest(mutant, plain, {});
  } finally {
    writeFileSync(file, source);
  }
}

async function tryMutant(mutant: Mutant, grounds: Grounds, scratch: string): Promise<Tried> {
  const root = groundOf(grounds, mutant);
  if (mutant.kind === 'source') return trySource(mutant, root);
  if (mutant.kind === 'code') return tryTest(mutant, root, { [mutantVariable]: mutant.name });
  const file = join(scratch, `${mutant.name}.sql`);
  writeFileSync(file, mutant.statements);
  return tryTest(mutant, root, { ISOLATION_SABOTAGE: file });
}

export interface Listener {
  /** What is being done, in words. */
  readonly step: (words: string) => void;
  readonly tried: (tried: Tried) => void;
}

/**
 * Take each defence away and see whether its test notices.
 * @param all every mutant there is: they stand in the copy together, so that one build serves all
 * @param chosen those to try
 * @throws Error when a test fails without any mutant, or the copy cannot be made or built
 */
export async function tryMutants(
  root: string,
  all: readonly Mutant[],
  chosen: readonly Mutant[],
  { step, tried }: Listener,
  signal: AbortSignal,
): Promise<readonly Tried[]> {
  const some = (test: (mutant: Mutant) => boolean) => chosen.some(test);
  const grounds = {
    root,
    copy: some(({ kind }) => kind === 'code') ? makeCopy(root, all) : root,
    plain: some(({ kind }) => kind === 'source') ? makePlainCopy(root) : root,
  };
  if (some(({ noticedBy }) => needsBuild(noticedBy))) {
    step('Building the copy with the mutants in it');
    await buildCopy(grounds.copy, signal);
  }
  step('Running the tests without any mutant');
  await requireSoundTests(grounds, chosen);
  const scratch = mkdtempSync(join(tmpdir(), 'tenantry-sabotage-'));
  const done: Tried[] = [];
  const attempt = async (mutant: Mutant) => {
    signal.throwIfAborted();
    const one = await tryMutant(mutant, grounds, scratch);
    done.push(one);
    tried(one);
  };
  try {
    step(`Trying ${chosen.length} mutants`);
    // Sources are shared by whoever reads them: one at a time, and nothing beside it.
    await side(
      chosen.filter(({ kind }) => kind === 'source'),
      attempt,
      1,
    );
    await side(
      chosen.filter(({ kind }) => kind !== 'source'),
      attempt,
    );
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return chosen.flatMap((mutant) => done.find((one) => one.mutant === mutant) ?? []);
}
