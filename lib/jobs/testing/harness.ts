import type { InngestFunction } from 'inngest';
import type { Client } from 'pg';
import { afterEach, expect, vi } from 'vitest';
import { engine } from '@/db';
import { Engine, type EngineOptions } from '../engine';

interface EndedRun {
  readonly id: string;
  readonly state: string;
  readonly output: string;
}

/** Milliseconds: other processes may be at work on the same machine. */
const patience = 90_000;

const started = new Set<Engine>();

afterEach(async () => {
  await Promise.all([...started].map((running) => running.stop(2_000)));
  started.clear();
});

/** An engine for this test: impatient, and stopped after it. */
export async function runEngine(
  functions: readonly InngestFunction.Any[],
  options: Omit<EngineOptions, 'functions'> = {},
): Promise<Engine> {
  const running = new Engine({
    functions,
    pollMs: 50,
    // No worker is taken for dead because the machine is at something else.
    leaseMs: 120_000,
    backoff: () => 5,
    ...options,
  });
  started.add(running);
  await running.start();
  return running;
}

/** Wait until `check` no longer throws. */
export function eventually<Result>(check: () => Result | Promise<Result>): Promise<Result> {
  return vi.waitFor(check, { timeout: patience, interval: 10 });
}

async function ended(functionId: string): Promise<EndedRun[]> {
  const { rows } = await engine.engineStore().query<EndedRun>(
    `select id, state, output from engine.runs
      where function_id = $1 and ended_at is not null order by ended_at, id`,
    [`tenantry-${functionId}`],
  );
  return rows;
}

/** Runs of a function that have ended, once there are `count` of them. */
export function endedRuns(functionId: string, count = 1): Promise<EndedRun[]> {
  return eventually(async () => {
    const rows = await ended(functionId);
    expect(rows).toHaveLength(count);
    return rows;
  });
}

/** The first run of a function that has ended: one on a schedule may have come round again by then. */
export function firstEndedRun(functionId: string): Promise<EndedRun> {
  return eventually(async () => {
    const [first] = await ended(functionId);
    if (!first) throw new Error(`no run of ${functionId} has ended`);
    return first;
  });
}

/** How many runs of a function there are, ended or not. */
export async function countRuns(functionId: string): Promise<number> {
  const { rows } = await engine
    .engineStore()
    .query<{ count: number }>(
      'select count(*)::int as count from engine.runs where function_id = $1',
      [`tenantry-${functionId}`],
    );
  return rows[0]?.count ?? 0;
}

/** End the session of the worker that holds a run, as a restart of the database would. */
export async function endSessionOfHolder(owner: Pick<Client, 'query'>): Promise<void> {
  const { rowCount } = await owner.query(
    `select pg_terminate_backend(l.pid)
       from (select distinct worker from engine.runs where worker is not null) r
       join pg_locks l on l.locktype = 'advisory' and l.objid::bigint = r.worker
        and l.database = (select oid from pg_database where datname = current_database())`,
  );
  expect(rowCount).toBe(1);
}

/** A door that stays closed until it is opened: holds a step where a test wants it. */
export function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}
