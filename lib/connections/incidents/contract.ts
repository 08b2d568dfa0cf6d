import type { ProviderKey } from '@/lib/providers/contract';

export const incidentKinds = [
  'needs_reconsent',
  'needs_scopes',
  'blocked_by_policy',
  'degraded',
] as const;
export type IncidentKind = (typeof incidentKinds)[number];

/** What has happened, in the words of a heading. */
export const incidentTitles: Readonly<Record<IncidentKind, string>> = {
  needs_reconsent: 'has to be connected again',
  needs_scopes: 'lacks a permission',
  blocked_by_policy: 'is blocked by its administrator',
  degraded: 'has been answering badly for a while',
};

/** What can be done, by whom. */
export const incidentAdvice: Readonly<Record<IncidentKind, string>> = {
  needs_reconsent: 'Open the connection and press Connect again. Its automations and history stay.',
  needs_scopes: 'Open the connection, press Connect again and allow all permissions.',
  blocked_by_policy:
    'Ask the administrator of the account to allow the app, then press Connect again.',
  degraded: 'There is nothing to do: we keep trying, and tell you when it works again.',
};

/** An incident that is not over. Instants are ISO 8601 in UTC. */
export interface IncidentView {
  readonly connectionId: string;
  readonly provider: ProviderKey;
  /** What people call the connection. */
  readonly name: string;
  readonly kind: IncidentKind;
  readonly reason: string | null;
  readonly since: string;
  /** Automations that are switched on and wait for it, by name; the first few. */
  readonly waiting: readonly string[];
  /** How many they are. */
  readonly waitingCount: number;
}
