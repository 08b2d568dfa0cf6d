import { sql } from 'drizzle-orm';
import { check, index, jsonb, text, uuid } from 'drizzle-orm/pg-core';
import { type ApprovalId, newId, type TenantId, type UserId } from '../ids';
import { controlTable, instant } from './table';

/** What no member of staff does alone. */
export const approvalKinds = [
  'tenant.delete',
  'keys.shred',
  'staff.change',
  'export.across',
  'support.write',
] as const;
export type ApprovalKind = (typeof approvalKinds)[number];
export const approvalDecisions = ['approved', 'declined'] as const;
export type ApprovalDecision = (typeof approvalDecisions)[number];

/**
 * What one of the staff asked for and another decided. It goes with its tenant; that a deletion was
 * approved is then said by its certificate and by what staff are on record with.
 */
export const approvals = controlTable(
  'approvals',
  {
    id: uuid('id')
      .$type<ApprovalId>()
      .primaryKey()
      .$defaultFn(() => newId<ApprovalId>()),
    kind: text('kind', { enum: approvalKinds }).notNull(),
    tenantId: uuid('tenant_id').$type<TenantId>(),
    /** What exactly, as the kind has it. */
    subject: jsonb('subject').$type<Readonly<Record<string, unknown>>>().notNull(),
    reason: text('reason').notNull(),
    askedBy: uuid('asked_by').$type<UserId>().notNull(),
    askedAt: instant('asked_at').notNull().defaultNow(),
    expiresAt: instant('expires_at').notNull(),
    decidedBy: uuid('decided_by').$type<UserId>(),
    decidedAt: instant('decided_at'),
    decision: text('decision', { enum: approvalDecisions }),
    note: text('note'),
    /** Set once, by whoever carries it out. */
    carriedOutAt: instant('carried_out_at'),
    /** What came of it, in words. */
    outcome: text('outcome'),
    /** Why the last attempt to carry it out failed; nothing was done then. */
    failure: text('failure'),
    /** When the others of the staff were written to. */
    toldAt: instant('told_at'),
  },
  {
    platform: [
      'select',
      {
        privilege: 'insert',
        columns: ['id', 'kind', 'tenant_id', 'subject', 'reason', 'asked_by', 'expires_at'],
      },
      {
        privilege: 'update',
        columns: [
          'decided_by',
          'decided_at',
          'decision',
          'note',
          'carried_out_at',
          'outcome',
          'failure',
          'told_at',
        ],
      },
    ],
    // What is about several tenants or none may name the erased one.
    eraser: [{ privilege: 'update', columns: ['subject', 'reason', 'note', 'outcome', 'failure'] }],
  },
  (table) => [
    // The rule itself, whatever is asked of the database: nobody decides on what they asked for.
    check('approvals_two_persons', sql`${table.decidedBy} <> ${table.askedBy}`),
    check(
      'approvals_decided',
      sql`(${table.decidedBy} is null) = (${table.decision} is null)
          and (${table.decidedAt} is null) = (${table.decision} is null)
          and (${table.carriedOutAt} is null or ${table.decision} = 'approved')`,
    ),
    index('approvals_open').on(table.expiresAt).where(sql`decided_at is null`),
    index('approvals_untold').on(table.id).where(sql`told_at is null`),
    index('approvals_tenant').on(table.tenantId, table.id),
  ],
);
