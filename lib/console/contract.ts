import { z } from 'zod';
import {
  type RunState,
  type RunTrigger,
  runStates,
  type StepState,
} from '@/lib/automations/contract';
import { idOf, markId } from '@/lib/ids/contract';
import { filterDay } from '@/lib/paging/contract';
import type { PlatformAuditRow, PlatformDenialRow } from '@/lib/platform/contract';
import type { Authority, ProviderKey } from '@/lib/providers/contract';

/** Minutes after which a run that was put off is told of. */
export const parkedAfter = 15;

/** Minutes after which a run counts as stuck: in the queue, or with no step begun or ended. */
export const stuckAfter = { queued: 15, running: 60 } as const;

/** Filters of the runs across tenants as they stand in the URL. An unusable one is dropped. */
export const platformRunFilter = z.object({
  tenant: idOf('tenant').optional().catch(undefined),
  state: z.enum(runStates).optional().catch(undefined),
  trigger: z.enum(['manual', 'schedule', 'rerun']).optional().catch(undefined),
  template: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,60}$/)
    .optional()
    .catch(undefined),
  stuck: z.enum(['yes']).optional().catch(undefined),
  /** Put off by the engine, for longer than a quarter of an hour since they were asked for. */
  parked: z.enum(['yes']).optional().catch(undefined),
  from: filterDay,
  to: filterDay,
});
export type PlatformRunFilter = z.output<typeof platformRunFilter>;

export const platformRunParams = z.object({ runId: idOf('run') });
export const requestParams = z.object({
  requestId: markId('request', z.string().min(1).max(128)),
});
export const personParams = z.object({ userId: idOf('user') });

/** What staff send to stop a run. The reason goes on the tenant's own record. */
export const cancelRunInput = z.strictObject({
  runId: idOf('run'),
  reason: z
    .string()
    .trim()
    .min(5, 'Say in a few words why: the tenant reads it on its record.')
    .max(500, 'Use at most 500 characters.'),
});

/** A run as staff see it in a list: whose, of which template, and how it stands. Never its name. */
export interface PlatformRunRow {
  readonly id: string;
  readonly tenantId: string;
  readonly tenantName: string;
  readonly automationId: string;
  readonly template: string;
  readonly state: RunState;
  readonly stuck: boolean;
  readonly trigger: RunTrigger;
  readonly dryRun: boolean;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

export interface PlatformStepRow {
  readonly id: string;
  readonly key: string;
  readonly action: string;
  readonly state: StepState;
  readonly attempts: number;
  readonly queuedAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

/** A call to a provider: where to and how it went, never what was asked for. */
export interface PlatformCallRow {
  readonly id: string;
  readonly at: string;
  readonly tenantId: string;
  readonly connectionId: string;
  readonly runId: string | null;
  readonly stepId: string | null;
  readonly method: string;
  readonly host: string | null;
  readonly status: number | null;
  readonly outcome: string;
  readonly durationMs: number;
  readonly attempt: number;
}

/** A change outside, by its id: that it was made and how that went. */
export interface PlatformEffectRow {
  readonly id: string;
  readonly stepId: string;
  readonly action: string;
  readonly state: 'intended' | 'done' | 'failed' | 'unclear';
  readonly at: string;
  readonly finishedAt: string | null;
}

/** A list of which only the beginning is shown: `50+` when there is more. */
export interface Beginning<Row> {
  readonly items: readonly Row[];
  readonly more: boolean;
}

/** One run: how it ran, step by step, and what is on record of it. */
export interface PlatformRun extends PlatformRunRow {
  readonly cancelRequestedAt: string | null;
  readonly rerunOf: string | null;
  readonly requestedBy: { readonly id: string; readonly name: string } | null;
  /** Of the request that asked for it; null when its event is no longer kept. */
  readonly requestId: string | null;
  readonly connection: {
    readonly id: string;
    readonly provider: ProviderKey;
    readonly authority: Authority;
    readonly state: string;
  };
  readonly steps: readonly PlatformStepRow[];
  readonly calls: Beginning<PlatformCallRow>;
  readonly effects: Beginning<PlatformEffectRow>;
  readonly events: Beginning<PlatformAuditRow>;
  /** The server's clock, for bars that grow. */
  readonly now: string;
}

/** All that is on record of one request, across tenants. */
export interface PlatformRequest {
  readonly requestId: string;
  readonly events: Beginning<PlatformAuditRow>;
  readonly denials: Beginning<PlatformDenialRow>;
  readonly runs: Beginning<PlatformRunRow>;
  readonly calls: Beginning<PlatformCallRow>;
}

/** A person, where they belong, and the latest that they did and were refused. */
export interface PlatformPerson {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly since: string;
  /** Null for who is no staff. */
  readonly staffRole: 'support' | 'platform_admin' | null;
  readonly memberships: readonly {
    readonly tenantId: string;
    readonly tenantName: string;
    readonly role: string;
    readonly since: string;
  }[];
  readonly events: Beginning<PlatformAuditRow>;
  readonly denials: Beginning<PlatformDenialRow>;
}

/** Work of one function in the queue. Times in milliseconds. */
export interface EngineFunctionRow {
  readonly functionId: string;
  readonly name: string;
  readonly waiting: number;
  readonly oldestWaitMs: number;
  readonly running: number;
  readonly failing: number;
  readonly parked: number;
  readonly failedToday: number;
  readonly nextAt: string | null;
}

/** Whose work waits. Without an id, the platform's own. */
export interface EngineTenantRow {
  readonly tenantId: string | null;
  readonly tenantName: string | null;
  readonly waiting: number;
  readonly oldestWaitMs: number;
  readonly running: number;
  readonly failing: number;
  readonly parked: number;
}

export const jobStates = ['running', 'failing', 'parked', 'waiting'] as const;
export type JobState = (typeof jobStates)[number];

/** One piece of work that is not done. */
export interface EngineJobRow {
  readonly id: string;
  readonly functionId: string;
  readonly tenantId: string | null;
  readonly tenantName: string | null;
  readonly state: JobState;
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly wakeAt: string | null;
  /** Failed attempts of the step that it stands at. */
  readonly attempt: number;
  /** How often the process that held it died. */
  readonly losses: number;
}

export interface EngineFailureRow {
  readonly id: string;
  readonly functionId: string;
  readonly tenantId: string | null;
  readonly tenantName: string | null;
  readonly endedAt: string;
  readonly losses: number;
  /** The kind of error; its words too where the work is no tenant's. */
  readonly error: string;
}

export interface EngineWorkerRow {
  readonly id: number;
  readonly startedAt: string;
  readonly leaseUntil: string;
  readonly alive: boolean;
  readonly holding: number;
}

/** The background engine. Null parts where Inngest does the work: it has the queue. */
export type EngineView =
  | { readonly mode: 'inngest'; readonly dashboard: string; readonly undispatched: number }
  | {
      readonly mode: 'embedded';
      readonly totals: {
        readonly waiting: number;
        readonly oldestWaitMs: number;
        readonly held: number;
        readonly scheduled: number;
        readonly unrouted: number;
        readonly workers: number;
      };
      readonly functions: readonly EngineFunctionRow[];
      readonly tenants: readonly EngineTenantRow[];
      readonly jobs: readonly EngineJobRow[];
      readonly failures: readonly EngineFailureRow[];
      readonly workers: readonly EngineWorkerRow[];
    };

export const engineFilter = z.object({
  job: z.enum(jobStates).optional().catch(undefined),
  tenant: idOf('tenant').optional().catch(undefined),
  fn: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,100}$/)
    .optional()
    .catch(undefined),
});
export type EngineFilter = z.output<typeof engineFilter>;
