import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type {
  FullResult,
  Reporter,
  TestCase,
  TestError,
  TestResult,
} from '@playwright/test/reporter';
import {
  attachments,
  type IsolationReport,
  jsonOf,
  type Where,
} from '@/cli/isolation/report/shape';
import { attached, classesOf, type Ended, endpointsOf, failuresOf, matrixOf } from './gather';

const root = fileURLToPath(new URL('../../..', import.meta.url));

function version(): string {
  const { version: own } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  return own;
}

/** The commit that was looked at; null where there is no repository. */
function commit(): string | null {
  const { status, stdout } = spawnSync('git', ['rev-parse', '--short=12', 'HEAD'], {
    cwd: root,
    encoding: 'utf8',
  });
  return status === 0 ? stdout.trim() : null;
}

/** Writes the suite's report as JSON to the file named in `ISOLATION_REPORT`. */
export default class IsolationReporter implements Reporter {
  readonly #ended = new Map<string, Ended>();
  readonly #errors: TestError[] = [];
  #startedAt = new Date();

  onBegin(): void {
    this.#startedAt = new Date();
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    this.#ended.set(test.id, { test, result });
  }

  onError(error: TestError): void {
    this.#errors.push(error);
  }

  onEnd({ status }: FullResult): void {
    const file = process.env.ISOLATION_REPORT;
    if (!file) return;
    const all = [...this.#ended.values()];
    const failures = [
      ...failuresOf(all, root),
      ...this.#errors.map(({ message }) => ({
        test: 'outside of a test',
        class: 'the suite itself',
        message: message ?? 'failed',
      })),
    ];
    // A run that was cut short has not passed, whatever its tests say.
    const broken = status !== 'passed' && failures.length === 0 ? 1 : 0;
    const report: IsolationReport = {
      kind: 'isolation',
      startedAt: this.#startedAt.toISOString(),
      finishedAt: new Date().toISOString(),
      version: version(),
      commit: commit(),
      where: whereOf(all),
      passed: all.filter(({ result }) => result.status === 'passed').length,
      failed: failures.length + broken,
      classes: classesOf(all.filter(({ result }) => result.status !== 'skipped')),
      matrix: matrixOf(all),
      endpoints: endpointsOf(all),
      failures,
    };
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, jsonOf(report));
  }

  printsToStdio(): boolean {
    return false;
  }
}

function whereOf(all: readonly Ended[]): Where {
  const [place] = attached<Pick<Where, 'postgres' | 'database'>>(all, attachments.place);
  const files = all.map(({ test }) => test.location.file.split('/').at(-1) ?? '');
  return {
    database: place?.database ?? 'own',
    readOnly: process.env.ISOLATION_READ_ONLY === '1',
    postgres: place?.postgres ?? '',
    node: process.versions.node,
    ways: [...new Set(matrixOf(all).map(({ way }) => way))].sort(),
    halves: ['sql', 'http'].filter((half) => files.some((name) => name.startsWith(`${half}-`))),
  };
}
