import {
  and,
  type ConnectionId,
  type EffectId,
  eq,
  newId,
  type RunId,
  type RunStepId,
  type TenantTransaction,
  withTenant,
} from '@/db';
import { type EffectState, effects } from '@/db/schema';
import { type AuditAction, recordAudit } from '@/lib/audit';
import { RetryLater } from '@/lib/limits';
import type { ActingContext } from '@/lib/tenancy';
import { EffectUnclear } from './errors';

/** One change to be made outside. */
export interface EffectRequest {
  readonly runId: RunId;
  readonly runStepId: RunStepId;
  /** Same run, same step, same target → same key → at most one effect. */
  readonly idempotencyKey: string;
  /** What is done, e.g. `mail.send`. */
  readonly action: string;
  /** What it is done to, as the provider names it. */
  readonly target: string;
}

/** What the provider made of it. Goes on record: ids and numbers, no content. */
export interface EffectResult {
  /** The provider's own id of what came of it. */
  readonly reference: string | null;
  readonly outcome?: Readonly<Record<string, unknown>>;
}

/**
 * Longest that one attempt may be under way, in milliseconds: an `intended` effect younger than
 * this may be in another process's hands, and asking the provider about it would tell nothing.
 */
export const attemptLimit = 30_000;
/** What an answer may still take on its way once we have stopped waiting, in milliseconds. */
const margin = 5_000;

export type EffectRow = typeof effects.$inferSelect;
export type Begin =
  | { readonly next: 'send'; readonly id: EffectId }
  | { readonly next: 'look'; readonly id: EffectId }
  | { readonly next: 'return'; readonly row: EffectRow };

const outcomeActions: Readonly<Record<Exclude<EffectState, 'intended'>, AuditAction>> = {
  done: 'effect.done',
  failed: 'effect.failed',
  unclear: 'effect.unclear',
};

/** The effect's row and its audit events; each step in a transaction of its own. */
export class EffectLedger {
  readonly #context: ActingContext;
  readonly #connectionId: ConnectionId;
  readonly #request: EffectRequest;
  #begunAt: number | undefined;

  constructor(context: ActingContext, connectionId: ConnectionId, request: EffectRequest) {
    this.#context = context;
    this.#connectionId = connectionId;
    this.#request = request;
  }

  /** When the last call of this attempt must be over, in milliseconds since the epoch. */
  get deadline(): number | undefined {
    return this.#begunAt === undefined ? undefined : this.#begunAt + attemptLimit - margin;
  }

  /** Decide what to do, under a lock on the effect's row. */
  begin(repeatable: boolean): Promise<Begin> {
    return withTenant(this.#context, async (tx) => {
      const id = await this.#insert(tx);
      if (id) {
        await this.#audit(tx, id, 'effect.intended');
        return { next: 'send', id };
      }
      const row = await this.#lock(tx);
      if (row.state === 'done') return { next: 'return', row };
      if (row.state === 'unclear') throw new EffectUnclear(row.id);
      if (row.state === 'intended' && !repeatable) {
        this.#refuseWhileUnderWay(row);
        await this.#touch(tx, row.id);
        return { next: 'look', id: row.id };
      }
      await this.#intend(tx, row.id);
      return { next: 'send', id: row.id };
    });
  }

  /** The provider has not made it: say so, and that it is about to be sent once more. */
  again(id: EffectId): Promise<void> {
    return withTenant(this.#context, (tx) => this.#intend(tx, id));
  }

  finish(id: EffectId, state: Exclude<EffectState, 'intended'>, result: EffectResult) {
    return withTenant(this.#context, async (tx) => {
      await tx
        .update(effects)
        .set({
          state,
          providerReference: result.reference,
          outcome: { ...result.outcome },
          finishedAt: new Date(),
        })
        .where(this.#own(id));
      await this.#audit(tx, id, outcomeActions[state], result);
    });
  }

  #begin(): { readonly begunAt: string } {
    this.#begunAt = Date.now();
    return { begunAt: new Date(this.#begunAt).toISOString() };
  }

  #own(id: EffectId) {
    return and(eq(effects.tenantId, this.#context.tenantId), eq(effects.id, id));
  }

  async #insert(tx: TenantTransaction): Promise<EffectId | undefined> {
    const [row] = await tx
      .insert(effects)
      .values({
        tenantId: this.#context.tenantId,
        id: newId<EffectId>(),
        connectionId: this.#connectionId,
        ...this.#request,
        outcome: this.#begin(),
      })
      .onConflictDoNothing({ target: [effects.tenantId, effects.idempotencyKey] })
      .returning({ id: effects.id });
    return row?.id;
  }

  async #lock(tx: TenantTransaction): Promise<EffectRow> {
    const [row] = await tx
      .select()
      .from(effects)
      .where(
        and(
          eq(effects.tenantId, this.#context.tenantId),
          eq(effects.idempotencyKey, this.#request.idempotencyKey),
        ),
      )
      .for('update');
    if (!row) throw new Error('an effect vanished between its insert and its lock');
    return row;
  }

  #refuseWhileUnderWay(row: EffectRow): void {
    const since = Date.parse(String(row.outcome?.begunAt ?? row.createdAt.toISOString()));
    const left = since + attemptLimit - Date.now();
    if (left > 0) throw new RetryLater(Math.ceil(left / 1_000), 'An attempt is still under way');
  }

  async #touch(tx: TenantTransaction, id: EffectId): Promise<void> {
    await tx
      .update(effects)
      .set({ state: 'intended', outcome: this.#begin(), finishedAt: null })
      .where(this.#own(id));
  }

  async #intend(tx: TenantTransaction, id: EffectId): Promise<void> {
    await this.#touch(tx, id);
    await this.#audit(tx, id, 'effect.intended');
  }

  async #audit(tx: TenantTransaction, id: EffectId, action: AuditAction, result?: EffectResult) {
    const request = this.#request;
    await recordAudit(
      tx,
      { ...this.#context, runId: request.runId },
      {
        action,
        target: { type: 'effect', id, name: `${request.action} ${request.target}` },
        outcome: action === 'effect.failed' || action === 'effect.unclear' ? 'failure' : 'success',
        connectionId: this.#connectionId,
        details: {
          action: request.action,
          target: request.target,
          ...(result?.reference ? { reference: result.reference } : {}),
          ...result?.outcome,
        },
      },
    );
  }
}

/**
 * What a run leaves open when it ends stays unclear: nobody will ask the provider about it any more,
 * and an intent that stays one would say that it is about to happen. An attempt that is still under
 * way puts its own outcome in the place.
 */
export async function leaveUnclear(
  tx: TenantTransaction,
  context: ActingContext,
  runId: RunId,
): Promise<void> {
  const open = await tx
    .update(effects)
    .set({ state: 'unclear', finishedAt: new Date() })
    .where(
      and(
        eq(effects.tenantId, context.tenantId),
        eq(effects.runId, runId),
        eq(effects.state, 'intended'),
      ),
    )
    .returning();
  for (const { id, action, target, connectionId } of open) {
    await recordAudit(
      tx,
      { ...context, runId },
      {
        action: 'effect.unclear',
        target: { type: 'effect', id, name: `${action} ${target}` },
        outcome: 'failure',
        connectionId,
        details: { action, target, because: 'the run ended' },
      },
    );
  }
}
