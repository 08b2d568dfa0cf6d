import { and, asc, eq, type RunId, type TenantContext, type TenantTransaction } from '@/db';
import { automations, connections, runSteps, runs, tenants } from '@/db/schema';
import { found } from '@/lib/errors';
import type { ActingContext } from '@/lib/tenancy';
import type { RunFacts } from '../actions/action';
import { findTemplate } from '../templates/registry';
import type { Template } from '../templates/template';

export type RunRow = typeof runs.$inferSelect;
export type StepRow = typeof runSteps.$inferSelect;

/** A job's own tenant and the request that asked for it. */
export interface JobScope extends TenantContext {
  readonly requestId: string;
}

/** A run with what it takes to end it. */
export interface KnownRun {
  readonly run: RunRow;
  readonly facts: RunFacts;
  /** Of an organisation's connection: the mail address of whom it is about; null otherwise. */
  readonly person: string | null;
  /** Acts as the automation; everything done and recorded carries the run. */
  readonly context: ActingContext;
  /** The organisation is suspended or being deleted: nothing is to be begun. */
  readonly held: boolean;
}

/** A run with all that its execution goes by. */
export interface LoadedRun extends KnownRun {
  readonly template: Template;
}

/** What belongs to a run; `obstacle` says in plain words why it cannot be carried out, if so. */
type Surroundings = KnownRun &
  (
    | { readonly obstacle: null; readonly template: Template }
    | { readonly obstacle: string; readonly template: null }
  );

/** The run's row, locked: beginning a step, ending one and cancelling take turns. */
export async function lockRun(
  tx: TenantTransaction,
  { tenantId }: TenantContext,
  runId: RunId,
): Promise<RunRow> {
  const [run] = await tx
    .select()
    .from(runs)
    .where(and(eq(runs.tenantId, tenantId), eq(runs.id, runId)))
    .for('update');
  return found(run);
}

/** What belongs to a locked run. */
export async function loadAround(
  tx: TenantTransaction,
  scope: JobScope,
  run: RunRow,
): Promise<Surroundings> {
  const [row] = await tx
    .select({
      name: automations.name,
      template: automations.template,
      provider: connections.provider,
      email: connections.accountEmail,
      domain: connections.providerTenant,
      tenantState: tenants.state,
    })
    .from(automations)
    .innerJoin(
      connections,
      and(eq(connections.tenantId, automations.tenantId), eq(connections.id, run.connectionId)),
    )
    .innerJoin(tenants, eq(tenants.id, automations.tenantId))
    .where(and(eq(automations.tenantId, scope.tenantId), eq(automations.id, run.automationId)));
  const { name, template, provider, email, domain, tenantState } = found(row);
  const person = typeof run.parameters.person === 'string' ? run.parameters.person : null;
  return {
    ...runnable(template),
    held: tenantState !== 'active',
    run,
    facts: {
      runId: run.id,
      automationName: name,
      dryRun: run.dryRun,
      now: run.startedAt ?? run.createdAt,
      account: { provider, email: person ?? email ?? '', domain },
    },
    person,
    context: {
      tenantId: scope.tenantId,
      requestId: scope.requestId,
      actor: { type: 'automation', id: run.automationId, name },
      runId: run.id,
      connectionId: run.connectionId,
    },
  };
}

function runnable(key: string) {
  const template = findTemplate(key);
  return template
    ? ({ obstacle: null, template } as const)
    : ({ obstacle: 'This version does not have its template any more.', template: null } as const);
}

/** All steps of a run that have a row, in order. */
export function loadSteps(
  tx: TenantTransaction,
  { tenantId }: TenantContext,
  runId: RunId,
): Promise<StepRow[]> {
  return tx
    .select()
    .from(runSteps)
    .where(and(eq(runSteps.tenantId, tenantId), eq(runSteps.runId, runId)))
    .orderBy(asc(runSteps.position));
}
