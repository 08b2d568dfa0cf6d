import { z } from 'zod';
import { type ProviderKey, type ResourceKind, resourceKindSchema } from '@/lib/providers/contract';

export const connectionStates = [
  'pending',
  'verifying',
  'active',
  'degraded',
  'needs_scopes',
  'needs_reconsent',
  'blocked_by_policy',
  'disconnected',
] as const;
export type ConnectionState = (typeof connectionStates)[number];

/** What a state is called, and what it means for people. */
export const stateWords: Readonly<
  Record<ConnectionState, { readonly label: string; readonly meaning: string }>
> = {
  pending: {
    label: 'Not connected yet',
    meaning: 'Consent has not been given yet.',
  },
  verifying: {
    label: 'Checking',
    meaning: 'Consent was given; we are checking that it works.',
  },
  active: {
    label: 'Connected',
    meaning: 'Everything works.',
  },
  degraded: {
    label: 'Unsteady',
    meaning: 'The provider answers badly at the moment. We keep trying.',
  },
  needs_scopes: {
    label: 'Permission missing',
    meaning: 'A permission was not given. Connect again and allow it.',
  },
  needs_reconsent: {
    label: 'Connect again',
    meaning: 'The provider no longer accepts this connection.',
  },
  blocked_by_policy: {
    label: 'Blocked',
    meaning: 'The administrator of your organisation does not allow it.',
  },
  disconnected: {
    label: 'Disconnected',
    meaning: 'Nothing is called any more. What was found is kept.',
  },
};

/** States in which giving consent again is the way out. */
export function wantsReconnect(state: ConnectionState): boolean {
  return state !== 'active' && state !== 'degraded' && state !== 'verifying';
}

export const discoveryStates = ['queued', 'running', 'succeeded', 'failed'] as const;
export type DiscoveryState = (typeof discoveryStates)[number];

/** One run of discovery, as people watch it. Instants are ISO 8601 in UTC. */
export interface DiscoveryView {
  readonly id: string;
  readonly state: DiscoveryState;
  readonly phase: string | null;
  /** Found so far, by kind. */
  readonly counts: Readonly<Partial<Record<ResourceKind, number>>>;
  readonly added: number;
  readonly updated: number;
  readonly gone: number;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly error: string | null;
  readonly requestedBy: string | null;
}

export interface ConnectionView {
  readonly id: string;
  readonly provider: ProviderKey;
  readonly state: ConnectionState;
  readonly stateReason: string | null;
  readonly stateChangedAt: string;
  readonly accountEmail: string | null;
  readonly organization: string | null;
  readonly scopes: readonly string[];
  readonly lastUsedAt: string | null;
  readonly createdAt: string;
  /** Resources that are there, by kind; `total` over all. */
  readonly resources: number;
}

/** One call on the record. */
export interface ProviderCallView {
  readonly id: string;
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly status: number | null;
  readonly outcome: string;
  /** Milliseconds. */
  readonly durationMs: number;
  readonly attempt: number;
  readonly runId: string | null;
}

export interface ResourceView {
  readonly id: string;
  readonly connectionId: string;
  readonly provider: ProviderKey;
  readonly accountEmail: string | null;
  readonly kind: ResourceKind;
  readonly name: string;
  readonly providerId: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly firstSeenAt: string;
  readonly updatedAt: string;
  readonly goneAt: string | null;
}

export interface ResourceDetail extends ResourceView {
  readonly parentProviderId: string | null;
  /** What holds it, when that was found too. */
  readonly parentName: string | null;
}

/** Filters of the resources as they stand in the URL. An unusable one is dropped. */
export const resourceFilter = z.object({
  kind: resourceKindSchema.optional().catch(undefined),
  connection: z.uuid().optional().catch(undefined),
  /** Beginning of the name. */
  q: z.string().trim().max(200).optional().catch(undefined),
  presence: z.enum(['present', 'gone', 'all']).default('present').catch('present'),
});
export type ResourceFilter = z.output<typeof resourceFilter>;

/** How a consent ended, as it travels in the address of the page one comes back to. */
export const consentOutcomes = {
  connected: { ok: true, message: 'Connected. We are looking at what is there.' },
  scopes_missing: {
    ok: false,
    message: 'Connected, but a permission was not given. Connect again and allow all of them.',
  },
  denied: {
    ok: false,
    message:
      'Consent was not given on the provider’s page. Nothing has changed; try again any time.',
  },
  blocked: {
    ok: false,
    message:
      'The administrator of your organisation does not allow this app. Ask them to allow it, then try again.',
  },
  expired: {
    ok: false,
    message: 'That took longer than ten minutes, so it was stopped to be safe. Please start again.',
  },
  reused: {
    ok: false,
    message: 'This consent was used already. If the connection is not there, please start again.',
  },
  foreign: {
    ok: false,
    message:
      'This consent was not started here by you in this browser and organisation, so it was refused. Please start again.',
  },
  other_account: {
    ok: false,
    message:
      'You chose a different account than the one of this connection. Nothing has changed: choose the same account, or make a new connection.',
  },
  provider_failed: {
    ok: false,
    message: 'The provider did not answer as expected. Nothing is lost; please try again shortly.',
  },
} as const satisfies Record<string, { readonly ok: boolean; readonly message: string }>;
export type ConsentOutcome = keyof typeof consentOutcomes;
