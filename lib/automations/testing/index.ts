import { type AutomationId, type ConnectionId, newId, type RunId } from '@/db';
import type { AutomationTrigger } from '@/db/schema';
import type { TestDatabase } from '@/db/testing';
import type { MemberContext } from '@/lib/tenancy';
import { createAutomation } from '../manage/change';
import { beginRun, finishRun, runStep, StepFailed } from '../runs/execute';
import { requestRun } from '../runs/request';

interface MadeOf {
  readonly connectionId: ConnectionId;
  readonly template: string;
  readonly parameters: Record<string, unknown>;
  readonly trigger?: AutomationTrigger;
  readonly name?: string;
}

/** An automation as a member would make it. */
export function makeAutomation(context: MemberContext, made: MadeOf): Promise<AutomationId> {
  return createAutomation(context, { name: 'Test', trigger: { type: 'manual' }, ...made });
}

/** Ask for a run and carry it out, as the engine would. */
export async function runNow(
  context: MemberContext,
  automationId: AutomationId,
  dryRun = false,
): Promise<RunId> {
  const runId = await requestRun(context, { automationId, dryRun, key: newId() });
  await carryOut(context, runId);
  return runId;
}

const attempts = 4;

/** Carry out a run step by step without waiting between attempts; like the engine, but impatient. */
export async function carryOut(context: MemberContext, runId: RunId): Promise<void> {
  let key = await beginRun(context, runId);
  while (key !== null) {
    const next = await attemptStep(context, runId, key);
    if (next === undefined) return;
    key = next;
  }
  await finishRun(context, runId);
}

async function attemptStep(
  context: MemberContext,
  runId: RunId,
  key: string,
): Promise<string | null | undefined> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await runStep(context, runId, key, attempt === attempts);
    } catch (error) {
      if (!(error instanceof StepFailed)) throw error;
      if (error.verdict.next === 'fail' || attempt === attempts) return undefined;
    }
  }
}

/** The actions on record about a run, in order. */
export async function auditOf(database: TestDatabase, runId: RunId): Promise<string[]> {
  const { rows } = await database.owner.query<{ action: string }>(
    'select action from audit_events where run_id = $1 order by id',
    [runId],
  );
  return rows.map(({ action }) => action);
}
