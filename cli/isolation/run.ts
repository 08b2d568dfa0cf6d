import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build, isBuilt } from '../start/build';
import type { IsolationOptions } from './options';
import type { IsolationReport } from './report/shape';

/** The requests of the suite go to the production build. */
async function requireBuild(root: string): Promise<void> {
  if (isBuilt(root)) return;
  const logs = join(root, 'test-results', 'reports');
  mkdirSync(logs, { recursive: true });
  await build(root, join(logs, 'build.log'), new AbortController().signal);
}

/** The runner's exit code when somebody ended it. */
const INTERRUPTED = 130;

const partOf = ({ database, only }: IsolationOptions): string =>
  database === undefined ? (only ?? 'all') : 'given';

/** @returns the runner's exit code */
function playwright(
  root: string,
  options: IsolationOptions,
  report: string,
): Promise<number | null> {
  const child = spawn(
    process.execPath,
    [
      join(root, 'node_modules/@playwright/test/cli.js'),
      'test',
      '-c',
      'e2e/isolation/playwright.config.ts',
    ],
    {
      cwd: root,
      env: {
        ...process.env,
        ISOLATION_PART: partOf(options),
        ISOLATION_REPORT: report,
        ISOLATION_DATABASE: options.database ?? '',
        ISOLATION_SERVER: options.server ?? '',
        ISOLATION_READ_ONLY: options.readOnly ? '1' : '',
      },
      // With --json, standard output is the report's alone.
      stdio: ['ignore', options.json ? process.stderr : 'inherit', 'inherit'],
    },
  );
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
}

/**
 * Run the suite, with a build of its own when there is none of these sources.
 * @throws Error when it could not run at all
 */
export async function runSuite(root: string, options: IsolationOptions): Promise<IsolationReport> {
  const part = partOf(options);
  if (part === 'all' || part === 'http') await requireBuild(root);
  const file = join(root, 'test-results', 'isolation.json');
  rmSync(file, { force: true });
  const code = await playwright(root, options, file);
  if (code === INTERRUPTED) throw new Error('The run was interrupted: no report is written.');
  if (!existsSync(file)) throw new Error(`The suite could not run (exit code ${code}).`);
  const report = JSON.parse(readFileSync(file, 'utf8')) as IsolationReport;
  rmSync(file);
  // A runner that failed at something else than a test has not passed.
  return code !== 0 && report.failed === 0 ? { ...report, failed: 1 } : report;
}
