import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, jsonb, text, uuid } from 'drizzle-orm/pg-core';
import { newId } from '../ids';
import { controlTable, instant } from './table';

export const reportKinds = ['doctor', 'isolation', 'mutants', 'bench'] as const;
export type ReportKind = (typeof reportKinds)[number];

/** How one class of checks, attacks or figures came out. */
export interface ReportClass {
  readonly name: string;
  /** Cases tried: things looked at, requests and statements walked, defences taken away. */
  readonly cases: number;
  /** Of those, how many held. */
  readonly held: number;
}

/** What a report says in short: all that a tenant gets to see of it. */
export interface ReportSummary {
  readonly classes: readonly ReportClass[];
  /** Of the sources that were looked at, hex; whoever compares it knows whether they run here. */
  readonly sourcesDigest?: string | undefined;
}

/** Characters of a report's document that are kept; a longer one is left to its file. */
export const documentLimit = 1_000_000;

/**
 * Reports on whether the doors hold: of the doctor, the isolation suite, the mutants and the bench.
 * About the platform as a whole; no tenant's data is in them.
 */
export const trustReports = controlTable(
  'trust_reports',
  {
    id: uuid('id')
      .primaryKey()
      .$defaultFn(() => newId()),
    kind: text('kind', { enum: reportKinds }).notNull(),
    startedAt: instant('started_at').notNull(),
    finishedAt: instant('finished_at').notNull(),
    ok: boolean('ok').notNull(),
    passed: integer('passed').notNull(),
    failed: integer('failed').notNull(),
    summary: jsonb('summary').$type<ReportSummary>().notNull(),
    /** The whole report; names what a tenant has no business with. Null when it is too long. */
    document: jsonb('document').$type<unknown>(),
    /** Of the product that was looked at. */
    version: text('version').notNull(),
    commit: text('commit'),
    /** SHA-256 of the report, hex: the same report is kept once. */
    digest: text('digest').notNull().unique(),
    recordedAt: instant('recorded_at').notNull().defaultNow(),
  },
  {
    platform: ['select', 'insert'],
    // A finding may name the tenant that it is about.
    eraser: [{ privilege: 'update', columns: ['document'] }],
    app: [
      {
        privilege: 'select',
        columns: [
          'id',
          'kind',
          'started_at',
          'finished_at',
          'ok',
          'passed',
          'failed',
          'summary',
          'version',
          'commit',
        ],
      },
    ],
  },
  (table) => [
    index('trust_reports_latest').on(table.kind, table.finishedAt),
    check('trust_reports_document_size', sql`octet_length(${table.document}::text) <= 4000000`),
  ],
);
