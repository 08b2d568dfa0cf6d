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
  /** Of the sources that were looked at: see `sourcesDigest`. */
  sourcesDigest: z.string().nullish(),
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
  readonly sourcesDigest: string | null;
}

/** A state of the product: what a report is of, or what runs. */
export interface Release {
  readonly version: string;
  /** Of the checkout, if it is one. */
  readonly commit?: string;
  /** Of the sources, if they lie here: see `sourcesDigest`. */
  readonly sourcesDigest?: string;
}

/** What is known of each kind; a kind that has never run is not there. */
export type TrustReports = Partial<Record<ReportKind, TrustReport>>;

export interface TrustFacts {
  readonly reports: TrustReports;
  readonly running: Release;
  /** Of what runs here. */
  readonly versions: readonly { readonly name: string; readonly version: string }[];
}

/**
 * Whether a report is of what runs here. Sources decide, where both say which; a commit alone shows
 * that it is (the same one) and never that it is not, for a report is committed after the commit
 * that it names.
 */
export function isOfRunning(
  report: Pick<TrustReport, 'version' | 'commit' | 'sourcesDigest'>,
  running: Release,
): 'yes' | 'no' | 'unknown' {
  if (report.sourcesDigest && running.sourcesDigest) {
    return report.sourcesDigest === running.sourcesDigest ? 'yes' : 'no';
  }
  if (report.version !== running.version) return 'no';
  return sameCommit(report.commit, running.commit) ? 'yes' : 'unknown';
}

/** Whether both name one commit; either may be abbreviated. */
export function sameCommit(one: string | null | undefined, other: string | undefined): boolean {
  return Boolean(one && other && (one.startsWith(other) || other.startsWith(one)));
}
