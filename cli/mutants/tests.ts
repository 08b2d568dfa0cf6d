import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { type NamedTest, type Runner, runnerOf } from './mutant';

/** How one test came out. */
export interface TestResult {
  readonly title: string;
  readonly passed: boolean;
  /** What it said when it failed, whole. */
  readonly message: string;
}

/** Milliseconds after which tests that were made to hang are ended; a start of the product included. */
const limit = (tests: number) => 300_000 + tests * 60_000;

const literal = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&');

/** A pattern for these titles and no longer ones. */
const pattern = (titles: readonly string[]) => `(${[...new Set(titles)].map(literal).join('|')})$`;

interface Place {
  /** Where the code is that is tested. */
  readonly root: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Tests side by side. */
  readonly workers?: number;
}

function command(
  runner: Runner,
  tests: readonly NamedTest[],
  output: string,
  workers: number,
): readonly string[] {
  const files = [...new Set(tests.map(({ file }) => file))];
  const titles = pattern(tests.map(({ title }) => title));
  if (runner === 'vitest') {
    return [
      ...['vitest/vitest.mjs', 'run', '--config', 'cli/mutants/vitest.config.ts', ...files],
      ...['-t', titles, '--reporter=json'],
      ...[`--outputFile=${join(output, 'report.json')}`, `--maxWorkers=${workers}`],
    ];
  }
  return [
    ...['@playwright/test/cli.js', 'test', '-c', 'e2e/playwright.config.ts', '-g', titles],
    ...['--reporter=json', `--output=${join(output, 'results')}`, `--workers=${workers}`],
    // It takes files as patterns.
    ...files.map((file) => `${literal(file.replace(/^e2e\//, ''))}$`),
  ];
}

/** Run one of the installed tools to its end. @returns the end of what it said */
function tool(
  [script = '', ...args]: readonly string[],
  { root, env = {} }: Place,
  output: string,
  timeout: number,
): Promise<string> {
  const child = spawn(process.execPath, [join(root, 'node_modules', script), ...args], {
    cwd: root,
    env: {
      ...process.env,
      LOG_LEVEL: 'silent',
      PLAYWRIGHT_JSON_OUTPUT_NAME: join(output, 'report.json'),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout,
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4_000);
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve(said));
  });
}

interface VitestReport {
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly title: string;
      readonly status: string;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}

function vitestResults({ testResults }: VitestReport): TestResult[] {
  return testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'passed' || status === 'failed')
    .map(({ title, status, failureMessages = [] }) => ({
      title,
      passed: status === 'passed',
      message: failureMessages.join('\n'),
    }));
}

interface Suite {
  readonly suites?: readonly Suite[];
  readonly specs?: readonly {
    readonly title: string;
    readonly ok: boolean;
    readonly tests: readonly {
      readonly results: readonly { readonly errors: readonly { readonly message?: string }[] }[];
    }[];
  }[];
}

function playwrightResults({ suites = [], specs = [] }: Suite): TestResult[] {
  return [
    ...specs.map(({ title, ok, tests }) => ({
      title,
      passed: ok,
      message: tests
        .flatMap(({ results }) => results.flatMap(({ errors }) => errors))
        .map(({ message = '' }) => stripVTControlCharacters(message))
        .join('\n'),
    })),
    ...suites.flatMap(playwrightResults),
  ];
}

/**
 * Run named tests that are of one runner.
 * @returns how each came out that was found
 * @throws Error with the end of what the runner said when it left no report
 */
export async function runTests(tests: readonly NamedTest[], place: Place): Promise<TestResult[]> {
  const [first] = tests;
  if (!first) return [];
  const runner = runnerOf(first);
  const output = mkdtempSync(join(tmpdir(), 'tenantry-mutant-'));
  try {
    const args = command(runner, tests, output, place.workers ?? 1);
    const said = await tool(args, place, output, limit(tests.length));
    const file = join(output, 'report.json');
    if (!existsSync(file)) throw new Error(`The tests could not be run:\n${said}`);
    const report = JSON.parse(readFileSync(file, 'utf8'));
    return runner === 'vitest' ? vitestResults(report) : playwrightResults(report);
  } finally {
    // A browser that was ended may be writing still.
    rmSync(output, { recursive: true, force: true, maxRetries: 20, retryDelay: 250 });
  }
}
