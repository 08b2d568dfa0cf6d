import { z } from 'zod';

export const reportKinds = ['doctor', 'isolation', 'mutants', 'bench'] as const;
export type ReportKind = (typeof reportKinds)[number];

const reportClass = z.object({
  name: z.string(),
  /** Cases tried: checks made, requests and statements walked, defences taken away. */
  cases: z.number().int().nonnegative(),
  /** Of those, how many held. */
  held: z.number().int().nonnegative(),
});
export type ReportClass = z.output<typeof reportClass>;

/** What every report says in short, whoever wrote it; the rest is its own. Times are ISO 8601. */
export const reportHead = z.object({
  kind: z.enum(reportKinds),
  startedAt: z.iso.datetime({ offset: true }).optional(),
  finishedAt: z.iso.datetime({ offset: true }),
  version: z.string().optional(),
  commit: z.string().nullish(),
  passed: z.number().int().nonnegative(),
  failed: z.number().int().nonnegative(),
  classes: z.array(reportClass),
});
export type ReportHead = z.output<typeof reportHead>;

/** A report as a page shows it. Times are ISO 8601 in UTC. */
export interface TrustReport {
  readonly kind: ReportKind;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly ok: boolean;
  readonly passed: number;
  readonly failed: number;
  readonly classes: readonly ReportClass[];
  readonly version: string;
  readonly commit: string | null;
}

/** What is known of each kind; a kind that has never run is not there. */
export type TrustReports = Partial<Record<ReportKind, TrustReport>>;

export interface TrustFacts {
  readonly reports: TrustReports;
  /** Of what runs here. */
  readonly versions: readonly { readonly name: string; readonly version: string }[];
}
