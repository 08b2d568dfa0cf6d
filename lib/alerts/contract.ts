import { z } from 'zod';
import type { AlertRule, DenialReason } from '@/db/schema';
import type { DenialRow } from '@/lib/denials/contract';
import { idOf } from '@/lib/ids/contract';
import type { ProviderKey } from '@/lib/providers/contract';

export type { AlertRule };

/** How a rule is called, and what it means for whoever has to decide what to do. */
export interface RuleWords {
  readonly title: string;
  readonly meaning: string;
  readonly advice: string;
  readonly severity: 'warning' | 'danger';
}

export const ruleWords = {
  actor_burst: {
    title: 'Many refusals of one person',
    meaning: 'One person was refused 30 times or more within a minute or two.',
    advice:
      'Look at what was asked for: ids in a row are somebody trying them out; one address again and again is mostly a broken script.',
    severity: 'warning',
  },
  actor_many_tenants: {
    title: 'One person refused in several tenants',
    meaning: 'One person was refused in three tenants or more within ten minutes.',
    advice:
      'Somebody who belongs to several tenants tests their borders. Ask their owners whether they know of it.',
    severity: 'danger',
  },
  tenant_header: {
    title: 'Claimed to be another tenant',
    meaning:
      'One person named another tenant in X-Tenant-ID than their session’s, three times within ten minutes.',
    advice:
      'No page of ours sends this header. It is a client that was set up wrongly, or an attempt to get at another tenant.',
    severity: 'danger',
  },
  forged_job: {
    title: 'Forged background job',
    meaning: 'An event asked for background work that no job bears out. Nothing ran.',
    advice:
      'Only the platform sends these events. Find out who else has the event key, and change it.',
    severity: 'danger',
  },
  forged_context: {
    title: 'Forged context in the database',
    meaning: 'A statement carried a tenant context that is not signed, or has run out.',
    advice:
      'SQL may have been injected. Look at the requests behind it in the log, and at what they sent. When every tenant is concerned at once, compare the clocks of the servers and of PostgreSQL first.',
    severity: 'danger',
  },
  provider_app_fault: {
    title: 'A provider refuses our own client',
    meaning:
      'A provider does not accept our client: its secret has ended, its id is wrong, or its project is switched off. Jobs of that provider wait; no customer is asked to do anything.',
    advice:
      'Renew the secret or certificate on the provider’s page, put it into the environment and start again. We try one call a minute and go on by ourselves when it gets through.',
    severity: 'danger',
  },
} as const satisfies Record<AlertRule, RuleWords>;

const ruleKeys = Object.keys(ruleWords) as [AlertRule, ...AlertRule[]];

const alertStates = ['open', 'acknowledged'] as const;

/** Filters of the list of alerts as they stand in the URL. An unusable one is dropped. */
export const alertFilter = z.object({
  state: z.enum(alertStates).optional().catch(undefined),
  rule: z.enum(ruleKeys).optional().catch(undefined),
  tenant: idOf('tenant').optional().catch(undefined),
});
export type AlertFilter = z.output<typeof alertFilter>;

export const acknowledgeInput = z.object({
  alertId: idOf('alert'),
  note: z
    .string()
    .trim()
    .min(3, 'Say in a few words what you found.')
    .max(2_000, 'Use at most 2,000 characters.'),
});
export type AcknowledgeInput = z.input<typeof acknowledgeInput>;

/** A fault of our own client that an alert is about. Times are ISO 8601 in UTC. */
export interface AlertFault {
  readonly provider: ProviderKey;
  /** The provider's own code. */
  readonly code: string | null;
  /** When a call got through again; null while none has. */
  readonly clearedAt: string | null;
}

/** A line of the list of alerts. Times are ISO 8601 in UTC. */
export interface AlertRow {
  readonly id: string;
  readonly rule: AlertRule;
  readonly openedAt: string;
  readonly firstSeenAt: string;
  readonly lastSeenAt: string;
  readonly denials: number;
  readonly tenants: number;
  /** How many subjects it stands for beyond those that may stand open; 0 for an alert of one. */
  readonly subjects: number;
  readonly tenantId: string | null;
  readonly tenantName: string | null;
  readonly userId: string | null;
  readonly actorName: string | null;
  readonly actorEmail: string | null;
  readonly acknowledgedAt: string | null;
  /** Of a fault at a provider; null for what was refused to people. */
  readonly fault: AlertFault | null;
}

/** A denial as staff see it, with whose it is. */
export interface AlertDenial extends DenialRow {
  readonly tenantId: string;
  readonly tenantName: string;
}

export interface AlertDetail extends AlertRow {
  readonly acknowledgedName: string | null;
  readonly note: string | null;
  /** Of staff, how many have been told by mail. */
  readonly mailed: number;
  readonly reasons: readonly DenialReason[];
  /** The latest of the denials behind it. */
  readonly latest: readonly AlertDenial[];
}
