import { poolOf } from '../connections';
import type { AuditEventId, TenantId } from '../ids';
import { acrossTenantsMark } from '../observe';
import { eventColumns, exactTime, type StoredEvent } from './events';
import type { TreeState } from './grow';

/** Whatever answers queries: the engine's pool, or a connection of who looks at the database. */
export interface RecordReader {
  query<Row extends object>(text: string, values: unknown[]): Promise<{ readonly rows: Row[] }>;
}

/** Reads as `tenantry_engine`. */
export function recordReader(): RecordReader {
  return poolOf('engine') as unknown as RecordReader;
}

const mark = acrossTenantsMark('the record is verified, whoever’s it is');

/** Tenants that have a tree, by id. */
export async function tenantsWithRecord(reader: RecordReader): Promise<readonly TenantId[]> {
  const { rows } = await reader.query<{ id: TenantId }>(
    `${mark} select tenant_id as id from record_trees where id = tenant_id order by tenant_id`,
    [],
  );
  return rows.map(({ id }) => id);
}

/** Tenants that there are, with a tree or without. */
export async function tenantsThere(reader: RecordReader): Promise<readonly TenantId[]> {
  const { rows } = await reader.query<{ id: TenantId }>(`${mark} select id from tenants`, []);
  return rows.map(({ id }) => id);
}

export interface DeletedTenant {
  readonly id: TenantId;
  /** It is being erased just now: what is left of it may be half of it. */
  readonly underWay: boolean;
}

/**
 * Tenants whose record is gone as it should be, by the database's word: deleted with what may be a
 * certificate, or about to get one. A deletion that has stood still for a day is none, nor is one of a
 * tenant that is there and open.
 */
export async function tenantsDeleted(reader: RecordReader): Promise<readonly DeletedTenant[]> {
  // A minute ahead: it may have moved on between the beginning of this and what it sees.
  const { rows } = await reader.query<DeletedTenant>(
    `${mark} select d.tenant_id as id, d.certificate is null as "underWay" from tenant_deletions d
      where d.ended_at is null
        and (d.certificate is not null
             or d.stage in ('erasing', 'scanning', 'certifying')
                and d.stage_at between now() - interval '1 day' and now() + interval '1 minute')
        and not exists (select from tenants t where t.id = d.tenant_id and t.state <> 'deleting')`,
    [],
  );
  return rows;
}

/** What lies there as certificates of these tenants' deletions. */
export async function certificatesOf(
  reader: RecordReader,
  tenants: readonly TenantId[],
): Promise<readonly { readonly tenantId: TenantId; readonly note: string }[]> {
  const { rows } = await reader.query<{ tenantId: TenantId; note: string }>(
    `${mark} select tenant_id as "tenantId", certificate as note from tenant_deletions
      where tenant_id = any ($1::uuid[]) and certificate is not null and ended_at is null`,
    [tenants],
  );
  return rows;
}

export interface TreeRow extends TreeState {
  readonly checkpointSize: number;
}

/** A tenant's tree. */
export async function treeOf(reader: RecordReader, tenantId: TenantId): Promise<TreeRow | null> {
  const { rows } = await reader.query<TreeRow>(
    `select tenant_id as "tenantId", origin, size::float8 as size, frontier,
            checkpoint_size::float8 as "checkpointSize"
       from record_trees where tenant_id = $1 and id = $1`,
    [tenantId],
  );
  return rows[0] ?? null;
}

export interface HeldCheckpoint {
  readonly size: number;
  readonly note: string;
  /** ISO 8601. */
  readonly signedAt: string;
  readonly publishedAt: string | null;
}

/** A tenant's checkpoints in the database of more than so many events, smallest first. */
export async function checkpointsOf(
  reader: RecordReader,
  tenantId: TenantId,
  above = -1,
): Promise<readonly HeldCheckpoint[]> {
  const { rows } = await reader.query<HeldCheckpoint>(
    `select size::float8 as size, note, ${exactTime('signed_at')} as "signedAt",
            ${exactTime('published_at')} as "publishedAt"
       from record_checkpoints where tenant_id = $1 and size > $2 order by size`,
    [tenantId, above],
  );
  return rows;
}

/** The largest checkpoint of a tenant that the database says lies outside; 0 when it says of none. */
export async function publishedSize(reader: RecordReader, tenantId: TenantId): Promise<number> {
  const { rows } = await reader.query<{ size: number }>(
    `select size::float8 as size from record_checkpoints
      where tenant_id = $1 and published_at is not null order by size desc limit 1`,
    [tenantId],
  );
  return rows[0]?.size ?? 0;
}

/** A leaf, and the event's row as it is now. */
export interface CheckedEvent {
  readonly leafId: AuditEventId;
  readonly sequence: number;
  readonly leaf: string;
  /** Null when the row is gone. */
  readonly event: StoredEvent | null;
}

/** Leaves from a place on, in order, each with its event. */
export async function leavesFrom(
  reader: RecordReader,
  tenantId: TenantId,
  from: number,
  limit: number,
): Promise<readonly CheckedEvent[]> {
  type Row = StoredEvent & { leafId: AuditEventId; sequence: number; leaf: string; found: boolean };
  const { rows } = await reader.query<Row>(
    `select l.id as "leafId", l.sequence::float8 as sequence, l.leaf, e.id is not null as found,
            ${eventColumns}
       from record_leaves l
       left join audit_events e on e.tenant_id = l.tenant_id and e.id = l.id and e.tenant_id = $1
      where l.tenant_id = $1 and l.sequence >= $2 order by l.sequence limit $3`,
    [tenantId, from, limit],
  );
  return rows.map(({ leafId, sequence, leaf, found, ...event }) => ({
    leafId,
    sequence,
    leaf,
    event: found ? event : null,
  }));
}

/**
 * Events of a tenant that should have a leaf and have none: committed before the last sealing, unless
 * they wait for another try, and in any case those of a time that has long been sealed.
 * @param sealedTo time of the latest event that is anchored
 */
export async function eventsWithoutLeaf(
  reader: RecordReader,
  tenantId: TenantId,
  sealedTo: string | null,
  limit: number,
): Promise<readonly { readonly id: AuditEventId; readonly at: string }[]> {
  const { rows } = await reader.query<{ id: AuditEventId; at: string }>(
    `select e.id, ${exactTime('e.created_at')} as at from audit_events e
      where e.tenant_id = $1
        and not exists (select from record_leaves l where l.tenant_id = $1 and l.id = e.id)
        and (e.created_at < $2::timestamptz - interval '10 minutes'
             or pg_visible_in_snapshot(e.written_in,
                  coalesce((select done from record_progress), '3:3:')::pg_snapshot)
                and not exists (select from record_waiting w where w.tenant_id = $1 and w.id = e.id))
      order by e.id limit $3`,
    [tenantId, sealedTo, limit],
  );
  return rows;
}

/** How many events of a tenant have no leaf, whatever the reason; counted up to `most`. */
export async function unsealedOf(
  reader: RecordReader,
  tenantId: TenantId,
  most: number,
): Promise<number> {
  const { rows } = await reader.query<{ n: number }>(
    `select count(*)::int as n from (
       select from audit_events e
        where e.tenant_id = $1
          and not exists (select from record_leaves l where l.tenant_id = $1 and l.id = e.id)
        limit $2) unsealed`,
    [tenantId, most],
  );
  return rows[0]?.n ?? 0;
}

/** Tiles of a tenant, level by level. */
export async function tilesFrom(
  reader: RecordReader,
  tenantId: TenantId,
  level: number,
  from: number,
  limit: number,
): Promise<readonly { readonly position: number; readonly hashes: Buffer }[]> {
  const { rows } = await reader.query<{ position: number; hashes: Buffer }>(
    `select position::float8 as position, hashes from record_tiles
      where tenant_id = $1 and level = $2 and position >= $3 order by position limit $4`,
    [tenantId, level, from, limit],
  );
  return rows;
}
