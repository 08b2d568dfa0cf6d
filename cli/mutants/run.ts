import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { noticedByDoctor } from '@/db/testing/sabotage';
import { startTestServer } from '@/db/testing/server';
import { buildCopy, makeCopy, makePlainCopy } from './copy';

import { sabotageVariable, serverVariable } from './given-server';
import { type Mutant, type NamedTest, needsBuild, runnerOf, type SourceMutant } from './mutant';
import { mutantVariable, withSourceMutant } from './schemata';
import { runTests, type TestResult } from './tests';
import { lineOf, type Verdict, verdictOf } from './verdict';

/** A mutant, and what became of it. */
export interface Tried {
  readonly mutant: Mutant;
  readonly verdict: Verdict;
  /** From the start of the test to its verdict, the start of what it needs included. */
  readonly seconds: number;
  /** The doctor's checks that notice it as well, of a mutant of the database. */
  readonly doctor?: readonly string[];
}

/** Where each kind is tried. */
interface Grounds {
  /** What every test is told: where the database server is. */
  readonly env: Readonly<Record<string, string>>;
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

interface Ground {
  readonly root: string;
  readonly tests: NamedTest[];
}

/** The tests that are to notice, each once, by where and by what they are run. */
function testsByGround(grounds: Grounds, chosen: readonly Mutant[]): readonly Ground[] {
  const found = new Map<string, Ground>();
  for (const mutant of chosen) {
    const { noticedBy } = mutant;
    const root = groundOf(grounds, mutant);
    const key = `${root} ${runnerOf(noticedBy)} ${needsBuild(noticedBy)}`;
    const ground = found.get(key) ?? { root, tests: [] };
    if (!ground.tests.some((test) => sameTest(test, noticedBy))) ground.tests.push(noticedBy);
    found.set(key, ground);
  }
  return [...found.values()];
}

/** A test that does not pass although nothing was taken away: it would prove nothing. */
interface Unsound {
  readonly test: NamedTest;
  readonly said: string;
}

/** The tests without a mutant. One that fails among the others gets a second try by itself. */
async function unsoundTests(
  grounds: Grounds,
  chosen: readonly Mutant[],
): Promise<readonly Unsound[]> {
  const unsound: Unsound[] = [];
  for (const { root, tests } of testsByGround(grounds, chosen)) {
    const results = await runTests(tests, { root, env: grounds.env, workers: lanes });
    const doubtful = tests.filter((test) => complaintOf(test, results));
    const again = await runTests(doubtful, { root, env: grounds.env });
    for (const test of doubtful) {
      const said = complaintOf(test, again);
      if (said) unsound.push({ test, said });
    }
  }
  return unsound;
}

function complaintOf({ title }: NamedTest, results: readonly TestResult[]): string | undefined {
  const named = results.filter((result) => result.title === title);
  if (named.length === 0) return 'The named test is not there.';
  const failed = named.find(({ passed }) => !passed);
  return failed && `It fails without the mutant as well: ${lineOf(failed.message)}`;
}

/** Run the test that is to notice, with the mutant awake. */
async function tryTest(
  mutant: Mutant,
  root: string,
  env: Readonly<Record<string, string>>,
): Promise<Tried> {
  const from = performance.now();
  const verdict = await runTests([mutant.noticedBy], { root, env }).then(
    (results) => verdictOf(mutant, results),
    (error: Error): Verdict => ({ outcome: 'inconclusive', said: error.message }),
  );
  return { mutant, verdict, seconds: (performance.now() - from) / 1_000 };
}

async function trySource(mutant: SourceMutant, { plain, env }: Grounds): Promise<Tried> {
  const file = join(plain, mutant.file);
  const source = readFileSync(file, 'utf8');
  writeFileSync(file, withSourceMutant(source, mutant));
  try {
    return await tryTest(mutant, plain, env);
  } finally {
    writeFileSync(file, source);
  }
}

async function tryMutant(mutant: Mutant, grounds: Grounds, scratch: string): Promise<Tried> {
  const { env } = grounds;
  const root = groundOf(grounds, mutant);
  if (mutant.kind === 'source') return trySource(mutant, grounds);
  if (mutant.kind === 'code') {
    return tryTest(mutant, root, { ...env, [mutantVariable]: mutant.name });
  }
  const file = join(scratch, `${mutant.name}.sql`);
  writeFileSync(file, mutant.statements);
  return tryTest(mutant, root, { ...env, [sabotageVariable]: file });
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
 * @throws Error when the copy cannot be made or built
 */
export async function tryMutants(
  root: string,
  all: readonly Mutant[],
  chosen: readonly Mutant[],
  { step, tried }: Listener,
  signal: AbortSignal,
): Promise<readonly Tried[]> {
  const some = (test: (mutant: Mutant) => boolean) => chosen.some(test);
  const places = {
    root,
    copy: some(({ kind }) => kind === 'code') ? makeCopy(root, all) : root,
    plain: some(({ kind }) => kind === 'source') ? makePlainCopy(root) : root,
  };
  if (some(({ noticedBy }) => needsBuild(noticedBy))) {
    step('Building the copy with the mutants in it');
    await buildCopy(places.copy, signal);
  }
  const { url, secrets, stop } = await startTestServer();
  const scratch = mkdtempSync(join(tmpdir(), 'tenantry-sabotage-'));
  const done: Tried[] = [];
  let doctor: ReadonlyMap<string, readonly string[]> = new Map();
  try {
    const env = { [serverVariable]: JSON.stringify({ url, secrets }) };
    const grounds = { ...places, env };
    step('Running the tests without any mutant');
    const unsound = await unsoundTests(grounds, chosen);
    const attempt = async (mutant: Mutant) => {
      signal.throwIfAborted();
      const without = unsound.find(({ test }) => sameTest(test, mutant.noticedBy));
      const one = without
        ? { mutant, verdict: { outcome: 'inconclusive', said: without.said } as const, seconds: 0 }
        : await tryMutant(mutant, grounds, scratch);
      done.push(one);
      tried(one);
    };
    doctor = await noticedByDoctor(
      url,
      chosen.filter((mutant) => mutant.kind === 'sql'),
    );
    step(`Trying ${chosen.length} mutants`);
    const inSources = (mutant: Mutant) => mutant.kind === 'source';
    // Sources are shared by whoever reads them: one at a time, and nothing beside it.
    await side(chosen.filter(inSources), attempt, 1);
    await side(
      chosen.filter((mutant) => !inSources(mutant)),
      attempt,
    );
  } finally {
    rmSync(scratch, { recursive: true, force: true });
    await stop();
  }
  return chosen.flatMap((mutant) => {
    const one = done.find((each) => each.mutant === mutant);
    const checks = doctor.get(mutant.name);
    return one ? [checks ? { ...one, doctor: checks } : one] : [];
  });
}
