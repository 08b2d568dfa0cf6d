import { sql } from 'drizzle-orm';
import {
  bigint,
  customType,
  index,
  integer,
  smallint,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core';
import type { AuditEventId, TenantId } from '../ids';
import { controlTable, instant, tenantTable } from './table';

const bytes = customType<{ data: Buffer }>({ dataType: () => 'bytea' });

/**
 * A tenant's Merkle tree (RFC 6962) over its audit events; its id is the tenant's. Only the engine
 * writes here and in the tables below: no role that serves people can change what was sealed.
 */
export const recordTrees = tenantTable<TenantId>()(
  'record_trees',
  {
    /** The name of the log in its checkpoints; stays as it was when the tree was begun. */
    origin: text('origin').notNull(),
    /** Leaves in the tree. */
    size: bigint('size', { mode: 'number' }).notNull().default(0),
    /** Roots of its complete subtrees, largest first, 32 bytes each. */
    frontier: bytes('frontier').notNull(),
    grownAt: instant('grown_at').notNull().defaultNow(),
    /** Size at the latest checkpoint, and when that was signed. */
    checkpointSize: bigint('checkpoint_size', { mode: 'number' }).notNull().default(0),
    checkpointAt: instant('checkpoint_at'),
    /** Attempts since the last checkpoint that reached its place outside; what the last one met. */
    failures: integer('failures').notNull().default(0),
    failure: text('failure'),
  },
  {
    app: ['select'],
    engine: ['select', 'insert', 'update'],
    platform: ['select'],
  },
  (table) => [
    index('record_trees_due').on(table.grownAt).where(sql`size > checkpoint_size or failures > 0`),
  ],
);

/** The leaves: each event as it was sealed. The id is the event's. */
export const recordLeaves = tenantTable<AuditEventId>()(
  'record_leaves',
  {
    /** Place in the tree, from 0, without gaps. */
    sequence: bigint('sequence', { mode: 'number' }).notNull(),
    /** Canonical JSON (RFC 8785); personal data in it is sealed. */
    leaf: text('leaf').notNull(),
  },
  { app: ['select'], engine: ['select', 'insert'] },
  (table) => [unique('record_leaves_sequence').on(table.tenantId, table.sequence)],
);

/** The nodes, 256 hashes of 32 bytes to a row: level n holds those of subtrees of 256^n leaves. */
export const recordTiles = tenantTable()(
  'record_tiles',
  {
    level: smallint('level').notNull(),
    position: bigint('position', { mode: 'number' }).notNull(),
    hashes: bytes('hashes').notNull(),
  },
  {
    app: ['select'],
    engine: ['select', 'insert', { privilege: 'update', columns: ['hashes'] }],
  },
  (table) => [unique('record_tiles_place').on(table.tenantId, table.level, table.position)],
);

/** What was signed: the size and the root of a tree at a time. */
export const recordCheckpoints = tenantTable()(
  'record_checkpoints',
  {
    size: bigint('size', { mode: 'number' }).notNull(),
    /** A signed note: https://c2sp.org/tlog-checkpoint */
    note: text('note').notNull(),
    signedAt: instant('signed_at').notNull(),
    /** When it reached its places outside the database. */
    publishedAt: instant('published_at'),
  },
  {
    app: ['select'],
    engine: ['select', 'insert', { privilege: 'update', columns: ['published_at'] }],
    platform: ['select'],
  },
  (table) => [
    unique('record_checkpoints_size').on(table.tenantId, table.size),
    index('record_checkpoints_unpublished').on(table.id).where(sql`published_at is null`),
  ],
);

/** The key that a tenant's personal data in leaves is sealed with. Its id is its name. */
export const recordKeys = tenantTable()(
  'record_keys',
  { sealedKey: text('sealed_key').notNull() },
  { app: ['select', 'insert', { privilege: 'update', columns: ['sealed_key'] }] },
);

/** Events that could not be sealed when their turn came, and are tried again. The id is the event's. */
export const recordWaiting = tenantTable<AuditEventId>()(
  'record_waiting',
  {
    reason: text('reason').notNull(),
    tries: integer('tries').notNull().default(0),
    retryAt: instant('retry_at').notNull().defaultNow(),
  },
  {
    app: [],
    engine: ['select', 'insert', 'update', 'delete'],
    platform: ['select'],
  },
  (table) => [index('record_waiting_due').on(table.retryAt)],
);

/** How far the sealing of all tenants' events has come; one row. */
export const recordProgress = controlTable(
  'record_progress',
  {
    id: integer('id').primaryKey().default(1),
    /** Of the database's cluster: transactions' numbers mean nothing in another. */
    cluster: text('cluster').notNull(),
    /** `pg_snapshot`: every event that it sees has its leaf, or waits. */
    done: text('done').notNull(),
    /** `pg_snapshot` that is being worked off, and the last event of it that is done. */
    target: text('target'),
    afterTransaction: text('after_transaction'),
    afterId: uuid('after_id').$type<AuditEventId>(),
    movedAt: instant('moved_at').notNull().defaultNow(),
  },
  { engine: ['select', 'insert', 'update'], platform: ['select'] },
);

/** Keys that checkpoints were signed with. */
export const recordSigners = controlTable(
  'record_signers',
  {
    /** Ed25519 (RFC 8032), base64. */
    publicKey: text('public_key').primaryKey(),
    firstUsedAt: instant('first_used_at').notNull().defaultNow(),
    lastUsedAt: instant('last_used_at').notNull().defaultNow(),
  },
  { engine: ['select', 'insert', 'update'], platform: ['select'] },
);
