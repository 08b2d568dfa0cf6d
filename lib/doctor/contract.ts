import { z } from 'zod';
import { idOf } from '@/lib/ids/contract';

/** What the checks are about, in the order in which people read them. */
export const doctorAreas = [
  'tables',
  'context',
  'rights',
  'functions',
  'endpoints',
  'rooms',
  'caches',
  'jobs',
  'configuration',
  'versions',
] as const;
export type DoctorArea = (typeof doctorAreas)[number];

export const doctorAreaLabels: Readonly<Record<DoctorArea, string>> = {
  tables: 'Tables and their row security',
  context: 'The tenant of a transaction',
  rights: 'Roles and what they may do',
  functions: 'Code inside the database',
  endpoints: 'Pages, routes and actions',
  rooms: 'Who may reach what in the code',
  caches: 'Caches',
  jobs: 'Background jobs',
  configuration: 'Configuration and secrets',
  versions: 'Versions',
};

/** Where a check looks: the live database, the process that serves, or the code as it was started. */
const doctorSources = ['database', 'process', 'code'] as const;
export type DoctorSource = (typeof doctorSources)[number];

/** `danger`: a tenant's rows could get out through it. */
const severities = ['danger', 'warning'] as const;

const finding = z.object({
  /** A file, with its line where one is meant, or a table, package or setting. */
  where: z.string(),
  problem: z.string(),
  remedy: z.string(),
  severity: z.enum(severities),
  /** Nothing is known to be wrong: it could not be looked at. */
  unseen: z.literal(true).optional(),
});

const check = z.object({
  check: z.string(),
  area: z.enum(doctorAreas),
  source: z.enum(doctorSources),
  /** What was looked at: a check that looked at nothing proves nothing. */
  looked: z.string(),
  findings: z.array(finding),
});

/** Who asked for the look. */
const doctorOrigins = ['start', 'console', 'command'] as const;
export type DoctorOrigin = (typeof doctorOrigins)[number];

/** What is kept of a look; times are ISO 8601 in UTC. */
export const doctorDocument = z.object({
  origin: z.enum(doctorOrigins),
  milliseconds: z.number(),
  /** When the code was looked at: at the start of the process, not by a look from the console. */
  codeAt: z.string(),
  checks: z.array(check),
});
export type DoctorDocument = z.output<typeof doctorDocument>;
export type DoctorCheck = z.output<typeof check>;
export type DoctorFinding = z.output<typeof finding>;

/** One look as the list of past ones shows it. Times are ISO 8601 in UTC. */
export interface DoctorLook {
  readonly id: string;
  readonly at: string;
  readonly ok: boolean;
  readonly failed: number;
  readonly checks: number;
}

/** The doctor's page. */
export interface DoctorView {
  /** The look that was asked for, or the latest. */
  readonly shown:
    | (DoctorLook & { readonly version: string; readonly document: DoctorDocument | null })
    | null;
  /** Whether a look was asked for that is not kept any more. */
  readonly gone: boolean;
  /** Newest first. */
  readonly history: readonly DoctorLook[];
}

/** What a look of the console came to. */
export interface DoctorOutcome {
  readonly checks: number;
  readonly findings: number;
}

/** A past look that the doctor's page is opened at; an unusable id is dropped. */
export const doctorSearch = z.object({ look: idOf('look').optional().catch(undefined) });

/** Checking again takes nothing: it looks at all there is. */
export const checkAgainInput = z.strictObject({});
