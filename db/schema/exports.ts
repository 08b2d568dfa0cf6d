import { sql } from 'drizzle-orm';
import { bigint, index, integer, jsonb, text, uuid } from 'drizzle-orm/pg-core';
import type { ExportId, JobId, UserId } from '../ids';
import { anyTenants, instant, tenantTable } from './table';

/** `audit`: events of the record; `tenant`: everything that the organisation has. */
export const exportKinds = ['audit', 'tenant'] as const;
export type ExportKind = (typeof exportKinds)[number];
/** `record` is the sealed record with its proofs, `archive` all of a tenant, encrypted. */
export const exportFormats = ['csv', 'jsonl', 'record', 'archive'] as const;
export type ExportFormat = (typeof exportFormats)[number];
export const exportStates = [
  'queued',
  'running',
  'done',
  'failed',
  'cancelled',
  'expired',
] as const;
export type ExportState = (typeof exportStates)[number];

/** Files that somebody asked for, made in the background and kept for a while. */
export const tenantExports = tenantTable<ExportId>()(
  'exports',
  {
    kind: text('kind', { enum: exportKinds }).notNull(),
    format: text('format', { enum: exportFormats }).notNull(),
    state: text('state', { enum: exportStates }).notNull().default('queued'),
    /** What is being done, in words: a table's name, or a part of the work. */
    phase: text('phase').notNull().default(''),
    /** Of the audit page when it was asked for. */
    filter: jsonb('filter').$type<Readonly<Record<string, string>>>().notNull().default({}),
    /** Records written so far, and how many there will be; null until they were counted. */
    recordsDone: bigint('records_done', { mode: 'number' }).notNull().default(0),
    recordsTotal: bigint('records_total', { mode: 'number' }),
    bytes: bigint('bytes', { mode: 'number' }),
    /** SHA-256 of the file, hexadecimal. */
    digest: text('digest'),
    /** What the file is encrypted to, sealed; emptied as soon as the file is made, or given up. */
    sealedPassphrase: text('sealed_passphrase').notNull().default(''),
    requestedBy: uuid('requested_by').$type<UserId>().notNull(),
    requestedName: text('requested_name').notNull(),
    jobId: uuid('job_id').$type<JobId>(),
    error: text('error'),
    startedAt: instant('started_at'),
    finishedAt: instant('finished_at'),
    /** When its link ends and its file is deleted. */
    expiresAt: instant('expires_at'),
    downloads: integer('downloads').notNull().default(0),
    lastDownloadAt: instant('last_download_at'),
  },
  {
    app: [
      'select',
      'insert',
      {
        privilege: 'update',
        columns: [
          ...['state', 'phase', 'records_done', 'records_total', 'bytes', 'digest', 'job_id'],
          ...['sealed_passphrase', 'error', 'started_at', 'finished_at', 'expires_at'],
          ...['downloads', 'last_download_at'],
        ],
      },
    ],
    engine: [{ privilege: 'select', columns: ['tenant_id', 'id', 'state', 'expires_at'] }],
    // How they went; what was filtered, and the file, stays with the tenant.
    platform: [
      {
        privilege: 'select',
        columns: [
          ...['tenant_id', 'id', 'created_at', 'kind', 'format', 'state', 'phase', 'error'],
          ...['records_done', 'records_total', 'bytes', 'requested_by', 'requested_name'],
          ...['started_at', 'finished_at', 'expires_at'],
        ],
      },
    ],
  },
  (table) => [
    index('exports_list').on(table.tenantId, table.createdAt),
    // Across tenants: whose link has ended.
    index('exports_expired').on(table.expiresAt).where(sql`state = 'done'`),
    // The console's list, and those that failed.
    index('exports_all').on(anyTenants(table.id)),
    index('exports_failed').on(anyTenants(table.id)).where(sql`state = 'failed'`),
  ],
);
