import {
  and,
  type ConnectionId,
  type DiscoveryId,
  eq,
  isNull,
  lt,
  or,
  type RunId,
  type RunStepId,
  sql,
  type TenantContext,
  type TenantId,
  withTenant,
} from '@/db';
import { connections, providerCalls } from '@/db/schema';

/** On whose behalf a call is made. */
export interface CallScope {
  readonly runId?: RunId;
  readonly runStepId?: RunStepId;
  readonly discoveryId?: DiscoveryId;
}

/** What goes on record of one call: what was asked and how it went, never what was said. */
export interface RecordedCall extends CallScope {
  readonly connectionId: ConnectionId;
  readonly createdAt: Date;
  readonly method: string;
  readonly host: string;
  /** Without the query: it may hold what people search for. */
  readonly path: string;
  /** Null when no answer came. */
  readonly status: number | null;
  readonly outcome: string;
  readonly durationMs: number;
  readonly attempt: number;
}

/** One word for how a call went. */
export function outcomeOf(status: number | null): string {
  if (status === null) return 'no_answer';
  if (status < 400) return 'ok';
  if (status >= 500) return 'unavailable';
  const words: Readonly<Record<number, string>> = {
    401: 'unauthorized',
    403: 'forbidden',
    404: 'not_found',
    409: 'conflict',
    429: 'throttled',
  };
  return words[status] ?? 'refused';
}

interface Batch {
  readonly calls: RecordedCall[];
  readonly written: Promise<void>;
}

/** Batches not yet being written, by tenant; calls that end meanwhile join them. */
const open = new Map<TenantId, Batch>();
/** The last write begun, by tenant: writes of one tenant follow each other. */
const writing = new Map<TenantId, Promise<void>>();

/**
 * Put a call on record. Resolves when it is written, so that nobody goes on with an answer whose
 * call is not on record; calls that end while a write is under way share the next one.
 */
export function recordCall(context: TenantContext, call: RecordedCall): Promise<void> {
  const { tenantId } = context;
  const waiting = open.get(tenantId);
  if (waiting) {
    waiting.calls.push(call);
    return waiting.written;
  }
  const calls = [call];
  const before = writing.get(tenantId) ?? Promise.resolve();
  const written = before
    .catch(() => undefined)
    .then(() => {
      open.delete(tenantId);
      return write(context, calls);
    })
    .finally(() => {
      if (writing.get(tenantId) === written) writing.delete(tenantId);
    });
  open.set(tenantId, { calls, written });
  writing.set(tenantId, written);
  return written;
}

async function write(context: TenantContext, calls: readonly RecordedCall[]): Promise<void> {
  const { tenantId } = context;
  const used = [...new Set(calls.map((call) => call.connectionId))];
  await withTenant({ tenantId }, async (tx) => {
    await tx.insert(providerCalls).values(calls.map((call) => ({ tenantId, ...call })));
    for (const id of used) {
      await tx
        .update(connections)
        .set({ lastUsedAt: new Date() })
        .where(and(eq(connections.tenantId, tenantId), eq(connections.id, id), usedAWhileAgo));
    }
  });
}

/** To the minute is enough to show, and spares the row. */
const usedAWhileAgo = or(
  isNull(connections.lastUsedAt),
  lt(connections.lastUsedAt, sql`now() - interval '1 minute'`),
);
