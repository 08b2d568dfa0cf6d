import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { add, none } from './test/counts';
import { type Outcome, type TestPart, testParts } from './test/parts';

/**
 * `npm test`: everything that has to hold, in sequence. `npm test -- lint unit` runs some parts only.
 * The last line is the sum over all tests: `N passed, N failed`. Lint, types and build add a failure
 * when they fail and nothing when they pass.
 */

const root = fileURLToPath(new URL('..', import.meta.url));

function chosenParts(names: readonly string[]): readonly TestPart[] {
  const unknown = names.find((name) => !testParts.some((part) => part.name === name));
  if (unknown) {
    const known = testParts.map(({ name }) => name).join(', ');
    throw new Error(`There is no part called ${unknown}. There are: ${known}`);
  }
  return names.length === 0 ? testParts : testParts.filter(({ name }) => names.includes(name));
}

interface Done extends Outcome {
  readonly title: string;
  readonly seconds: number;
}

/** The browser has nothing to look at without a build. */
const skippedAfter = (done: readonly (Done & { readonly name: string })[], name: string) =>
  name === 'browser' && done.some((part) => part.name === 'build' && !part.ok);

async function run(parts: readonly TestPart[]): Promise<readonly Done[]> {
  const done: (Done & { readonly name: string })[] = [];
  for (const { name, title, run: runPart } of parts) {
    if (skippedAfter(done, name)) continue;
    console.log(`\n── ${title} ──\n`);
    const started = performance.now();
    const outcome = await runPart(root);
    done.push({ name, title, ...outcome, seconds: (performance.now() - started) / 1_000 });
  }
  return done;
}

function summarise(done: readonly Done[]): void {
  console.log('\n── Summary ──\n');
  for (const { title, ok, passed, failed, seconds } of done) {
    const tests = passed + failed > 0 ? `${passed} passed, ${failed} failed` : '';
    console.log(
      `${ok ? '✓' : '✗'} ${title.padEnd(28)} ${seconds.toFixed(1).padStart(6)} s  ${tests}`,
    );
  }
  const { passed, failed, failures, again } = done.reduce(add, none);
  for (const one of again) console.log(`\n! Passed only when tried again: ${one}`);
  // Once more at the end, where those look who see only that.
  for (const failure of failures) console.log(`\n✗ ${failure.replace(root, '')}`);
  console.log(`\n${passed} passed, ${failed} failed`);
}

try {
  const parts = chosenParts(process.argv.slice(2));
  rmSync(join(root, 'test-results'), { recursive: true, force: true });
  const done = await run(parts);
  summarise(done);
  process.exitCode = done.every(({ ok }) => ok) ? 0 : 1;
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
