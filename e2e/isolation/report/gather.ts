import { stripVTControlCharacters } from 'node:util';
import type { TestCase, TestResult } from '@playwright/test/reporter';
import {
  type AttackClass,
  attachments,
  type EndpointRow,
  type Failure,
  type MatrixRow,
} from '@/cli/isolation/report/shape';
import type { Case } from '../support/matrix';

/** Turns tests as they ended into the parts of the report; in an order that does not change. */

export interface Ended {
  readonly test: TestCase;
  readonly result: TestResult;
}

const byName = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

const said = ({ test, result }: Ended, type: string): string[] =>
  [...result.annotations, ...test.annotations]
    .filter((annotation) => annotation.type === type)
    .flatMap(({ description }) => description ?? []);

const passed = ({ result }: Ended): boolean => result.status === 'passed';

/** The class that a test belongs to; one that says none goes by its file. */
export function classOf(ended: Ended): string {
  const file = ended.test.location.file.split('/').at(-1)?.replace('.spec.ts', '') ?? '';
  const kind = file.startsWith('http') ? 'app' : 'sql';
  return said(ended, 'class')[0] ?? `${kind}: the suite itself`;
}

/** Cases that a test walked; one that failed before it counted them counts as one. */
const casesOf = (ended: Ended): number => Number(said(ended, 'cases').at(-1) ?? 1);

const unique = (texts: readonly string[]): string[] => [...new Set(texts)].sort(byName);

export function classesOf(all: readonly Ended[]): AttackClass[] {
  const names = unique(all.map(classOf));
  return names.map((name) => {
    const tests = all.filter((ended) => classOf(ended) === name);
    const sum = (some: readonly Ended[]) =>
      some.reduce((total, ended) => total + casesOf(ended), 0);
    return {
      name,
      cases: sum(tests),
      held: sum(tests.filter(passed)),
      tried: unique(tests.flatMap((ended) => said(ended, 'tried'))),
      told: unique(tests.flatMap((ended) => said(ended, 'told'))),
    };
  });
}

/** What tests attached under a name, as JSON. */
export function attached<T>(all: readonly Ended[], name: string): T[] {
  return all.flatMap(({ result }) =>
    result.attachments.flatMap((one) =>
      one.name === name && one.body ? [JSON.parse(one.body.toString('utf8')) as T] : [],
    ),
  );
}

export function matrixOf(all: readonly Ended[]): MatrixRow[] {
  const rows = new Map<string, MatrixRow>();
  for (const { way, cases } of attached<{ way: string; cases: Case[] }>(all, attachments.matrix)) {
    for (const { table, role, operation, context, outcome, holds } of cases) {
      const key = [table, role, operation, way].join('\0');
      const row = rows.get(key);
      rows.set(key, {
        table,
        role,
        operation,
        way,
        outcomes: { ...row?.outcomes, [context]: outcome },
        cases: (row?.cases ?? 0) + 1,
        held: (row?.held ?? 0) + (holds ? 1 : 0),
      });
    }
  }
  return [...rows.entries()].sort(([one], [other]) => byName(one, other)).map(([, row]) => row);
}

export function endpointsOf(all: readonly Ended[]): EndpointRow[] {
  const rows = new Map<string, EndpointRow>();
  for (const { endpoint, cases, held } of attached<EndpointRow[]>(
    all,
    attachments.endpoints,
  ).flat()) {
    const row = rows.get(endpoint);
    const sums = Object.entries(cases).map(([kind, count]) => [
      kind,
      count + (row?.cases[kind] ?? 0),
    ]);
    rows.set(endpoint, {
      endpoint,
      cases: { ...row?.cases, ...Object.fromEntries(sums) },
      held: held + (row?.held ?? 0),
    });
  }
  return [...rows.values()].sort((one, other) => byName(one.endpoint, other.endpoint));
}

/** Colours of a terminal, and where on this machine something is, are nobody's business. */
function plain(message: string, root: string): string {
  return stripVTControlCharacters(message).replaceAll(root, '').slice(0, 2_000);
}

export function failuresOf(all: readonly Ended[], root: string): Failure[] {
  return all
    .filter((ended) => !passed(ended) && ended.result.status !== 'skipped')
    .map((ended) => ({
      test: ended.test.title,
      class: classOf(ended),
      message: plain(ended.result.error?.message ?? ended.result.status, root),
    }))
    .sort((one, other) => byName(one.test, other.test));
}
