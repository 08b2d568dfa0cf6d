import canonicalize from 'canonicalize';
import type { record as store } from '@/db';

type Event = store.StoredEvent;

/** The version of the leaves that are made now; each says its own. */
export const leafType = 'tenantry.audit-leaf/1';

/** What a leaf says in the open. Personal data is in `personal` alone, sealed. */
export interface Leaf {
  readonly type: typeof leafType;
  readonly tenant: string;
  /** Place in the tree, from 0. */
  readonly sequence: number;
  readonly event: {
    readonly id: string;
    /** ISO 8601 in UTC, microseconds. */
    readonly at: string;
    readonly actor: { readonly type: string; readonly id: string | null };
    readonly action: string;
    readonly target: { readonly type: string; readonly id: string };
    readonly outcome: string;
    readonly request: string;
    readonly run: string | null;
    readonly connection: string | null;
  };
  /** JWE (RFC 7516) of `Personal`; null when the organisation's keys had been destroyed. */
  readonly personal: string | null;
}

/** What a leaf says only to who has its key. */
export interface Personal {
  readonly actorName: string;
  readonly targetName: string;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  /** JSON as PostgreSQL writes it. */
  readonly details: string;
}

/** Canonical JSON (RFC 8785): the same data is the same bytes. */
export function canonical(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('This is no JSON.');
  return text;
}

/** The leaf of an event at its place. */
export function leafOf(event: Event, sequence: number, personal: string | null): Leaf {
  return {
    type: leafType,
    tenant: event.tenantId,
    sequence,
    event: {
      id: event.id,
      at: event.at,
      actor: { type: event.actorType, id: event.actorId },
      action: event.action,
      target: { type: event.targetType, id: event.targetId },
      outcome: event.outcome,
      request: event.requestId,
      run: event.runId,
      connection: event.connectionId,
    },
    personal,
  };
}

/** What is personal about an event. */
export function personalOf(event: Event): Personal {
  const { actorName, targetName, ipAddress, userAgent, details } = event;
  return { actorName, targetName, ipAddress, userAgent, details };
}
