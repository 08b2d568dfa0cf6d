import { sql } from 'drizzle-orm';
import {
  bigint,
  index,
  integer,
  jsonb,
  pgPolicy,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { type DeletionId, newId, type TenantId, type UserId } from '../ids';
import { appRole, engineRole, eraserRole, identityRole, platformRole } from './roles';
import { currentTenant, currentTenantOnce, declareGrants, instant, tenantTable } from './table';

/** What a deletion does, in its order. `grace` can be ended by an owner or by staff. */
export const deletionStages = [
  'grace',
  'holding',
  'revoking',
  'shredding',
  'erasing',
  'scanning',
  'certifying',
  'done',
] as const;
export type DeletionStage = (typeof deletionStages)[number];

/** How a connection's authority was given back. */
export interface Revocation {
  readonly connectionId: string;
  readonly provider: string;
  readonly authority: string;
  readonly revoked: boolean;
  /** Why not, in plain words. */
  readonly because?: string;
  /** Times that were needed. */
  readonly attempts: number;
}

/**
 * Deletions of tenants: asked for, under way, and what stays of a tenant when it is gone. Not a
 * `tenantTable`: it is what erasure leaves. No name of a person or an organisation outlasts the end.
 */
export const tenantDeletions = pgTable(
  'tenant_deletions',
  {
    tenantId: uuid('tenant_id').$type<TenantId>().notNull(),
    id: uuid('id')
      .$type<DeletionId>()
      .notNull()
      .$defaultFn(() => newId<DeletionId>()),
    origin: text('origin', { enum: ['owner', 'staff'] }).notNull(),
    /** What staff gave; null for an owner, who need not give one. */
    reason: text('reason'),
    tenantName: text('tenant_name'),
    askedBy: uuid('asked_by').$type<UserId>(),
    askedName: text('asked_name'),
    /** Whom the certificate is sent to. */
    askedEmail: text('asked_email'),
    askedAt: instant('asked_at').notNull().defaultNow(),
    /** Until then it can be undone. */
    graceUntil: instant('grace_until').notNull(),
    /** When somebody ended it in its grace. */
    endedAt: instant('ended_at'),
    endedBy: uuid('ended_by').$type<UserId>(),
    endedName: text('ended_name'),
    stage: text('stage', { enum: deletionStages }).notNull().default('grace'),
    stageAt: instant('stage_at').notNull().defaultNow(),
    /** When the grace was over and the tenant closed; written by `lifecycle.close` alone. */
    closedAt: instant('closed_at'),
    /** When the owners were told that it was asked for, of its end being near, and that it was ended. */
    toldAt: instant('told_at'),
    remindedAt: instant('reminded_at'),
    toldEndAt: instant('told_end_at'),
    /** Of the stage at hand: what went wrong last, how often, and when it is tried again. */
    error: text('error'),
    attempts: integer('attempts').notNull().default(0),
    retryAt: instant('retry_at'),
    revocations: jsonb('revocations').$type<readonly Revocation[]>().notNull().default([]),
    /** The last checkpoint of the tenant's record, as it was published. */
    checkpoint: text('checkpoint'),
    /** How the record stood before its keys went and its rows were erased: a signed note of JSON. */
    recordState: text('record_state'),
    keysDestroyed: integer('keys_destroyed'),
    /** Files that were deleted: of the tenant's place for files, and of the local outbox. */
    files: integer('files').notNull().default(0),
    /** Rows that were erased, by table; kept by `lifecycle.erase`. */
    counts: jsonb('counts').$type<Readonly<Record<string, number>>>().notNull().default({}),
    /** The certificate as it was signed. */
    certificate: text('certificate'),
    mailedAt: instant('mailed_at'),
    mailError: text('mail_error'),
    finishedAt: instant('finished_at'),
  },
  (table) => [
    primaryKey({ name: 'tenant_deletions_pkey', columns: [table.tenantId, table.id] }),
    // One at a time; and none of a tenant that is gone.
    uniqueIndex('tenant_deletions_open').on(table.tenantId).where(sql`ended_at is null`),
    index('tenant_deletions_by_id').on(sql`(${table.id}::text)`),
    index('tenant_deletions_due')
      .on(table.stage, table.graceUntil)
      .where(sql`finished_at is null and ended_at is null`),
    pgPolicy('tenant_isolation', {
      for: 'all',
      to: appRole,
      using: sql`${table.tenantId} = ${currentTenant}`,
      withCheck: sql`${table.tenantId} = ${currentTenantOnce}`,
    }),
    ...[identityRole, platformRole, engineRole].map((role) =>
      pgPolicy(`${role.name}_access`, {
        for: 'all',
        to: role,
        using: sql`true`,
        withCheck: sql`true`,
      }),
    ),
    pgPolicy('eraser_access', {
      for: 'all',
      to: eraserRole,
      using: sql`true`,
      withCheck: sql`true`,
    }),
  ],
);
const asked = [
  ...['tenant_id', 'id', 'origin', 'reason', 'tenant_name', 'asked_by', 'asked_name'],
  ...['asked_email', 'grace_until'],
];
const ended = ['ended_at', 'ended_by', 'ended_name'];
declareGrants('tenant_deletions', {
  force: true,
  grants: {
    // What a member is shown.
    app: [
      {
        privilege: 'select',
        columns: [
          ...['tenant_id', 'id', 'origin', 'asked_name', 'asked_at', 'grace_until', 'stage'],
          ...['ended_at', 'ended_name', 'told_at'],
        ],
      },
    ],
    identity: [
      'select',
      { privilege: 'insert', columns: asked },
      { privilege: 'update', columns: ended },
    ],
    platform: [
      'select',
      { privilege: 'insert', columns: asked },
      { privilege: 'update', columns: ended },
    ],
    // Drives the deletion. That its grace is over is not for it to say.
    engine: [
      'select',
      {
        privilege: 'update',
        columns: [
          ...['stage', 'stage_at', 'told_at', 'reminded_at', 'told_end_at', 'error', 'attempts'],
          ...['retry_at', 'revocations', 'checkpoint', 'record_state', 'keys_destroyed', 'files'],
          ...['certificate', 'mailed_at', 'mail_error', 'finished_at'],
          // Emptied at the end.
          ...[
            'reason',
            'tenant_name',
            'asked_by',
            'asked_name',
            'asked_email',
            'ended_by',
            'ended_name',
          ],
        ],
      },
    ],
    eraser: [
      'select',
      { privilege: 'update', columns: ['closed_at', 'stage', 'stage_at', 'counts'] },
    ],
  },
});

export const retentionKinds = [
  'runs',
  'reports',
  'provider_calls',
  'access_logs',
  'resources',
  'mails',
  'jobs',
  'consents',
] as const;
export type RetentionKind = (typeof retentionKinds)[number];

/** What retention deleted for a tenant: one row for each kind and purge that found something. */
export const retentionPurges = tenantTable()(
  'retention_purges',
  {
    kind: text('kind', { enum: retentionKinds }).notNull(),
    /** What was older than this went. */
    before: instant('before').notNull(),
    days: integer('days').notNull(),
    rows: bigint('rows', { mode: 'number' }).notNull(),
  },
  { app: ['select', 'insert'], platform: ['select'] },
  (table) => [index('retention_purges_list').on(table.tenantId, table.createdAt)],
);
