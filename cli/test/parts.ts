import { type StdioOptions, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build, isBuilt } from '../start/build';
import { type Counts, none, playwrightCounts, vitestCounts } from './counts';

export interface Outcome extends Counts {
  readonly ok: boolean;
}

export interface TestPart {
  readonly name: string;
  /** In plain words, for the summary. */
  readonly title: string;
  readonly run: (root: string) => Promise<Outcome>;
}

/** Beside the browser's results, which its runner clears away when it begins. */
const reports = (root: string) => join(root, 'test-results', 'reports');

/** Run one of the installed tools; it is done by its exit code. */
function tool(
  root: string,
  [script = '', ...args]: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<boolean> {
  const stdio: StdioOptions = ['ignore', 'inherit', 'inherit'];
  const child = spawn(process.execPath, [join(root, 'node_modules', script), ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio,
  });
  return new Promise((resolve) => {
    child.once('error', () => resolve(false));
    child.once('close', (code) => resolve(code === 0));
  });
}

/** A part without tests to count: that it fails is one failure. */
const checked = (ok: boolean): Outcome => ({ ok, ...none, failed: ok ? 0 : 1 });

/** A runner that fails although no test did has failed at something else. */
const counted = (ok: boolean, counts: Counts): Outcome => ({
  ...counts,
  ok: ok && counts.failed === 0,
  failed: ok ? counts.failed : Math.max(counts.failed, 1),
});

async function unit(root: string): Promise<Outcome> {
  const file = join(reports(root), 'vitest.json');
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  // Tests provoke failures by the hundred; their log lines would bury the one that matters.
  const quiet = { NODE_ENV: 'test', LOG_LEVEL: process.env.LOG_LEVEL ?? 'silent' };
  const ok = await tool(root, ['vitest/vitest.mjs', ...args], quiet);
  return counted(ok, vitestCounts(file));
}

async function browser(root: string): Promise<Outcome> {
  const file = join(reports(root), 'playwright.json');
  const ok = await tool(
    root,
    ['@playwright/test/cli.js', 'test', '-c', 'e2e/playwright.config.ts', '--reporter=list,json'],
    { PLAYWRIGHT_JSON_OUTPUT_FILE: file },
  );
  return counted(ok, playwrightCounts(file));
}

/** Planned are the queries that the product has run in the browser's tests. */
async function plans(root: string): Promise<Outcome> {
  const file = join(reports(root), 'plans.json');
  const config = join(root, 'db/testing/plans/vitest.config.ts');
  const args = ['run', '--config', config, '--reporter=default', '--reporter=json'];
  const quiet = { NODE_ENV: 'test', LOG_LEVEL: process.env.LOG_LEVEL ?? 'silent' };
  const ok = await tool(root, ['vitest/vitest.mjs', ...args, `--outputFile.json=${file}`], quiet);
  return counted(ok, vitestCounts(file));
}

async function application(root: string): Promise<Outcome> {
  if (isBuilt(root)) return checked(true);
  mkdirSync(reports(root), { recursive: true });
  try {
    await build(root, join(reports(root), 'build.log'), new AbortController().signal);
    return checked(true);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    return checked(false);
  }
}

/** In the order in which they run: what is quick comes first. */
export const testParts: readonly TestPart[] = [
  {
    name: 'lint',
    title: 'Lint and boundaries',
    run: async (root) => checked(await tool(root, ['@biomejs/biome/bin/biome', 'check', '.'])),
  },
  {
    name: 'types',
    title: 'Types',
    run: async (root) =>
      checked(await tool(root, ['typescript/bin/tsc', '--noEmit', '--incremental', 'false'])),
  },
  { name: 'unit', title: 'Unit and integration tests', run: unit },
  { name: 'build', title: 'Production build', run: application },
  { name: 'browser', title: 'Browser tests', run: browser },
  { name: 'plans', title: 'Plans of what was asked', run: plans },
];
