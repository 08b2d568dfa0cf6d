import { z } from 'zod';
import { approvalReason } from '@/lib/approvals/contract';
import { auditFilter } from '@/lib/audit/contract';
import { idOf } from '@/lib/ids/contract';

export type ExportKind = 'audit' | 'tenant';
export type ExportFormat = 'csv' | 'jsonl' | 'record' | 'archive';
export type ExportState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled' | 'expired';

/** Hours that a file can be downloaded; then it is deleted. */
export const keptHours = 24;

/** NIST SP 800-63B, 3.1.1.2, asks for 15 of a password that stands alone, as this one does. */
const shortestPassphrase = 15;

/** What an export of events is made as, in the words of the dialog. */
export const auditFormats = {
  csv: { label: 'CSV', description: 'For a spreadsheet. Formulas in cells are neutralised.' },
  jsonl: {
    label: 'JSON lines',
    description: 'One event to a line, in the OCSF schema, for programs and SIEMs.',
  },
  record: {
    label: 'Record with its proofs',
    description: 'The sealed events with what proves them: verified without us, at any time.',
  },
} as const satisfies Partial<Record<ExportFormat, { label: string; description: string }>>;
export type AuditExportFormat = keyof typeof auditFormats;

export const askAuditInput = z.strictObject({
  format: z.enum(['record', 'jsonl', 'csv']),
  filter: auditFilter.optional(),
});
export type AskAuditInput = z.input<typeof askAuditInput>;

export const askTenantInput = z.strictObject({
  passphrase: z
    .string()
    .min(shortestPassphrase, `Use at least ${shortestPassphrase} characters.`)
    .max(200, 'Use at most 200 characters.'),
  /** Of the person's second factor, if they have one. */
  code: z.string().trim().max(40).optional(),
});
export type AskTenantInput = z.input<typeof askTenantInput>;

/** Of staff: the record across organisations, as it is filtered. */
export const askAcrossInput = z.strictObject({
  filter: auditFilter.extend({ tenant: idOf('tenant').optional().catch(undefined) }).optional(),
  reason: approvalReason,
});
export type AskAcrossInput = z.input<typeof askAcrossInput>;

export const takeAcrossInput = z.strictObject({ approvalId: idOf('approval') });

export const exportParams = z.object({ exportId: idOf('export') });

/** An export as it stands. Times are ISO 8601 in UTC. */
export interface ExportRow {
  readonly id: string;
  readonly kind: ExportKind;
  readonly format: ExportFormat;
  readonly state: ExportState;
  /** What is being done; empty when nothing is. */
  readonly phase: string;
  readonly filter: Readonly<Record<string, string>>;
  readonly askedAt: string;
  readonly askedName: string;
  readonly recordsDone: number;
  readonly recordsTotal: number | null;
  readonly bytes: number | null;
  /** SHA-256 of the file, hexadecimal. */
  readonly digest: string | null;
  readonly error: string | null;
  readonly finishedAt: string | null;
  /** When its link ends. */
  readonly expiresAt: string | null;
  readonly downloads: number;
}

/** Days in which a failed export is something to look into. */
export const failedDays = 7;

export const exportStates = [
  'queued',
  'running',
  'done',
  'failed',
  'cancelled',
  'expired',
] as const;

/** Filters of the exports across tenants as they stand in the URL. An unusable one is dropped. */
export const platformExportFilter = z.object({
  tenant: idOf('tenant').optional().catch(undefined),
  /** Failed within a week, and not asked for again since. */
  needs: z.enum(['yes']).optional().catch(undefined),
  state: z.enum(exportStates).optional().catch(undefined),
  kind: z.enum(['audit', 'tenant']).optional().catch(undefined),
});
export type PlatformExportFilter = z.output<typeof platformExportFilter>;

/** An export as staff see it: how it went, and neither what it is filtered by nor its file. */
export interface PlatformExportRow
  extends Pick<
    ExportRow,
    | 'id'
    | 'kind'
    | 'format'
    | 'state'
    | 'askedAt'
    | 'askedName'
    | 'recordsDone'
    | 'bytes'
    | 'error'
    | 'finishedAt'
  > {
  readonly tenantId: string;
  readonly tenantName: string;
  /** The person who asked. */
  readonly askedBy: string;
}

export const isUnderWay = ({ state }: Pick<ExportRow, 'state'>): boolean =>
  state === 'queued' || state === 'running';

/** What an export is of, in words. */
export function exportTitle({ kind, format }: Pick<ExportRow, 'kind' | 'format'>): string {
  if (kind === 'tenant') return 'Everything of the organisation';
  return format === 'record'
    ? auditFormats.record.label
    : `Audit, ${auditFormats[format as AuditExportFormat].label}`;
}

const endings: Readonly<Record<ExportFormat, string>> = {
  csv: 'csv',
  jsonl: 'jsonl',
  record: 'bundle.jsonl',
  archive: 'zip.age',
};

/** Name of the downloaded file. */
export function fileName({ kind, format, askedAt }: ExportRow): string {
  return `tenantry-${kind === 'tenant' ? 'everything' : format === 'record' ? 'record' : 'audit'}-${askedAt.slice(0, 10)}.${endings[format]}`;
}
