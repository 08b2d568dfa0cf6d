import type { RunState } from '@/lib/automations/contract';
import type { ConnectionState } from '@/lib/connections/contract';
import type { ProviderKey } from '@/lib/providers/contract';

/** How far an organisation has come, from nothing to a run on the record. */
export interface SetupProgress {
  /** The first connection that was consented to, else one that waits for it. */
  readonly connection: { readonly id: string; readonly consented: boolean } | null;
  readonly discovery: 'none' | 'running' | 'failed' | 'done';
  readonly automationId: string | null;
  /** The latest run that was no dry run and has ended. */
  readonly finishedRunId: string | null;
  /** More than one such run: nobody needs to be shown around any more. */
  readonly settled: boolean;
}

export interface ConnectionHealth {
  readonly id: string;
  readonly provider: ProviderKey;
  readonly state: ConnectionState;
  readonly stateReason: string | null;
  readonly accountEmail: string | null;
  readonly organizationName: string | null;
  /** Somebody was handed a link to connect it. */
  readonly handedOut: boolean;
}

export interface RecentRun {
  readonly id: string;
  readonly automation: string;
  readonly state: RunState;
  readonly dryRun: boolean;
  /** ISO 8601. */
  readonly at: string;
}

export interface NextRun {
  readonly automationId: string;
  readonly name: string;
  /** ISO 8601. */
  readonly at: string;
}

/** Everything on the overview. */
export interface Overview {
  readonly setup: SetupProgress;
  readonly connections: readonly ConnectionHealth[];
  /** Automations that are switched on. */
  readonly automations: number;
  readonly runs: readonly RecentRun[];
  /** Runs of the last seven days that have ended, dry runs left out. */
  readonly week: { readonly finished: number; readonly failed: number };
  readonly next: readonly NextRun[];
}

/** Whether a connection waits for a person. */
export function needsAttention({ state }: ConnectionHealth): boolean {
  return ['needs_scopes', 'needs_reconsent', 'blocked_by_policy'].includes(state);
}
