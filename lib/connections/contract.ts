import { z } from 'zod';
import { idOf } from '@/lib/ids/contract';
import type { Slice } from '@/lib/paging/contract';
import {
  type Authority,
  type DiscoveryPhase,
  type ProviderKey,
  providerNames,
  type ResourceKind,
  resourceKindSchema,
} from '@/lib/providers/contract';
import type { AwaitedConsent } from './consent-contract';

export * from './consent-contract';

export * from './incidents/contract';

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

/** What a state means for people; its name and colour are the badge's. */
export const stateMeanings: Readonly<Record<ConnectionState, string>> = {
  pending: 'Consent has not been given yet.',
  verifying: 'Consent was given; the sign-in that confirms it is not finished yet.',
  active: 'Everything works.',
  degraded: 'The provider answers badly at the moment. We keep trying.',
  needs_scopes: 'A permission was not given. Connect again and allow all of them.',
  needs_reconsent: 'The provider no longer accepts this connection.',
  blocked_by_policy: 'The administrator of your organisation does not allow it.',
  disconnected: 'Nothing is called any more. What was found is kept.',
};

/** States in which giving consent again is the way out. */
export function wantsReconnect(state: ConnectionState): boolean {
  return state !== 'active' && state !== 'degraded';
}

/** States in which nothing is called: its automations wait until authority is back. */
export function isBroken(state: ConnectionState): boolean {
  return state === 'needs_scopes' || state === 'needs_reconsent' || state === 'blocked_by_policy';
}

/**
 * What people call a connection: the account, the organisation, or the provider while there is
 * neither. It is also what one types to disconnect it.
 */
export function nameOf(connection: {
  readonly accountEmail: string | null;
  readonly organizationName: string | null;
  readonly provider: ProviderKey;
}): string {
  return (
    connection.accountEmail ?? connection.organizationName ?? providerNames[connection.provider]
  );
}

const connectionId = idOf('connection');
export const connectionInput = z.strictObject({ connectionId });
export const disconnectInput = z.strictObject({ connectionId, confirmation: z.string().max(320) });
/** What came of disconnecting: a connection that never had an account is not kept. */
export type Disconnected =
  | {
      readonly kept: true;
      readonly revoked: boolean;
      /** The provider does not answer at the moment: it is asked again for some hours. */
      readonly again?: true;
    }
  | { readonly kept: false };

/** A connection's id as a segment of the address. */
export const connectionParams = z.object({ id: connectionId });

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
  readonly authority: Authority;
  readonly state: ConnectionState;
  readonly stateReason: string | null;
  readonly stateChangedAt: string;
  readonly accountEmail: string | null;
  /** It has, or had, an account: consent was given at least once. */
  readonly connected: boolean;
  /** The provider's id of the organisation. */
  readonly organization: string | null;
  readonly organizationName: string | null;
  readonly scopes: readonly string[];
  readonly lastUsedAt: string | null;
  readonly createdAt: string;
  /** Found by the latest discovery. */
  readonly resources: number;
  /** A discovery is waiting or under way. */
  readonly discovering: boolean;
  /** Somebody else was handed a link for it, which is open still. */
  readonly awaiting: AwaitedConsent | null;
}

export interface ConnectionDetail {
  readonly connection: ConnectionView;
  /** The latest one, or null before the first. */
  readonly discovery: DiscoveryView | null;
  /** What a discovery of this provider goes through, in order. */
  readonly phases: readonly DiscoveryPhase[];
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
  readonly organizationName: string | null;
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

/** Attributes that resources can be searched by, as providers' discoveries name them. */
export const searchFields = ['owner', 'mimeType', 'type', 'timeZone', 'accessRole'] as const;

/**
 * What a search compares: any part of the name, words of the name and description (the last one may
 * be unfinished), or the whole of one attribute.
 */
export const searchWays = ['name', 'words', ...searchFields] as const;
export type SearchWay = (typeof searchWays)[number];

/** Filters of the resources as they stand in the URL. An unusable one is dropped. */
export const resourceFilter = z.object({
  kind: resourceKindSchema.optional().catch(undefined),
  connection: idOf('connection').optional().catch(undefined),
  q: z.string().trim().max(200).optional().catch(undefined),
  /** How `q` is meant. */
  by: z.enum(searchWays).optional().catch(undefined),
  presence: z.enum(['present', 'gone', 'all']).default('present').catch('present'),
});
/** The same, with the resource that is open beside the list. */
export const resourceSearch = resourceFilter.extend({
  resource: idOf('resource').optional().catch(undefined),
});
export type ResourceFilter = z.output<typeof resourceFilter>;

/** How many a search found. */
export interface SearchTotal {
  readonly count: number;
  /** There are more; counting ended here. */
  readonly more: boolean;
}

/** A page of resources; the first one of a search says how many there are. */
export interface ResourceSlice extends Slice<ResourceView> {
  readonly total?: SearchTotal;
}

/** An automation that waits because its connection does. */
export interface WaitingAutomation {
  readonly id: string;
  readonly name: string;
  /** When it would run next, were it not for the connection; null for one that a person starts. */
  readonly nextRunAt: string | null;
}
