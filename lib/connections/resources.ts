import { z } from 'zod';
import {
  alias,
  and,
  asc,
  eq,
  isNull,
  type ResourceId,
  type SQL,
  sql,
  type TenantContext,
  tenantDb,
} from '@/db';
import { connections, resources } from '@/db/schema';
import { found } from '@/lib/errors';
import { decodeCursor, pageSize, toSlice } from '@/lib/paging';
import type { ResourceDetail, ResourceFilter, ResourceSlice, ResourceView } from './contract';
import { isSearch, mostCounted, searchResources } from './resource-search';

const position = z.tuple([z.uuid()]);

function conditions(context: TenantContext, filter: ResourceFilter): SQL[] {
  const set: SQL[] = [eq(resources.tenantId, context.tenantId)];
  if (filter.kind) set.push(eq(resources.kind, filter.kind));
  if (filter.presence === 'present') set.push(isNull(resources.goneAt));
  return set;
}

const columns = {
  id: resources.id,
  connectionId: resources.connectionId,
  provider: connections.provider,
  accountEmail: connections.accountEmail,
  organizationName: connections.organizationName,
  kind: resources.kind,
  name: resources.name,
  providerId: resources.providerId,
  attributes: resources.attributes,
  firstSeenAt: resources.firstSeenAt,
  updatedAt: resources.updatedAt,
  goneAt: resources.goneAt,
};

const connectionOfResource = and(
  eq(connections.tenantId, resources.tenantId),
  eq(connections.id, resources.connectionId),
);

const inOrder = [asc(resources.sortName), asc(resources.id)] as const;

/** The statement behind a page of a list that nothing is searched in; its plan is tested. */
export function resourcePage(
  context: TenantContext,
  filter: ResourceFilter,
  after: string | null,
  limit: number,
) {
  const set = conditions(context, filter);
  if (after) {
    const name = sql`(select p.sort_name from resources p where p.tenant_id = ${context.tenantId} and p.id = ${after})`;
    set.push(
      sql`${resources.sortName} >= ${name}`,
      sql`(${resources.sortName}, ${resources.id}) > (${name}, ${after}::uuid)`,
    );
  }
  return tenantDb(context)
    .select(columns)
    .from(resources)
    .innerJoin(connections, connectionOfResource)
    .where(and(...set))
    .orderBy(...inOrder)
    .limit(limit);
}

type Row = Omit<ResourceView, 'firstSeenAt' | 'updatedAt' | 'goneAt'> & {
  readonly firstSeenAt: Date;
  readonly updatedAt: Date;
  readonly goneAt: Date | null;
};

/** The same from a statement of our own, which gives instants as PostgreSQL writes them. */
type WrittenRow = Omit<ResourceView, 'firstSeenAt' | 'updatedAt' | 'goneAt'> & {
  readonly firstSeenAt: string;
  readonly updatedAt: string;
  readonly goneAt: string | null;
};

/**
 * Rows by their ids, in the order of the list. One look-up each, by the primary key: the plan that a
 * connection keeps for all tenants takes a tenant for small, and would read a large one through and
 * compare (`offset 0` keeps it from seeing more than one id at a time). The connection is told its tenant
 * by itself: by the row's, each row would have its own checked once more.
 */
async function readRows(context: TenantContext, ids: readonly ResourceId[]): Promise<Row[]> {
  if (ids.length === 0) return [];
  const { rows } = await tenantDb(context).execute<WrittenRow>(
    sql`select r.id, r.connection_id as "connectionId", c.provider,
               c.account_email as "accountEmail", c.organization_name as "organizationName", r.kind, r.name, r.provider_id as "providerId",
               r.attributes, r.first_seen_at as "firstSeenAt", r.updated_at as "updatedAt",
               r.gone_at as "goneAt"
          from unnest(${sql.param(ids)}::uuid[]) as hit(id)
          cross join lateral (select * from resources r
                               where r.tenant_id = ${context.tenantId} and r.id = hit.id offset 0) r
          join connections c on c.tenant_id = ${context.tenantId} and c.id = r.connection_id
         order by r.sort_name, r.id`,
  );
  return rows.map(({ firstSeenAt, updatedAt, goneAt, ...row }) => ({
    ...row,
    firstSeenAt: new Date(firstSeenAt),
    updatedAt: new Date(updatedAt),
    goneAt: goneAt === null ? null : new Date(goneAt),
  }));
}

const view = ({ firstSeenAt, updatedAt, goneAt, ...row }: Row): ResourceView => ({
  ...row,
  firstSeenAt: firstSeenAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
  goneAt: goneAt?.toISOString() ?? null,
});

/** A page of what a search found; the first one is counted as well. */
async function searchedPage(
  context: TenantContext,
  filter: ResourceFilter,
  after: string | null,
  size: number,
): Promise<ResourceSlice> {
  const counting = filter.q && after === null;
  const most = counting ? mostCounted + 1 : undefined;
  const { ids, counted } = await searchResources(context, filter, after, size + 1, most);
  const slice = toSlice(ids, (id) => [id], size);
  const items = (await readRows(context, slice.items)).map(view);
  if (!counting) return { ...slice, items };
  const total = { count: Math.min(counted, mostCounted), more: counted > mostCounted };
  return { ...slice, items, total };
}

/**
 * A page of what was found, by name.
 * @throws PublicError `invalid_input` for a cursor that is not ours
 */
export async function browseResources(
  context: TenantContext,
  filter: ResourceFilter,
  cursor?: string,
  size: number = pageSize,
): Promise<ResourceSlice> {
  const after = cursor ? decodeCursor(position, cursor)[0] : null;
  if (isSearch(filter)) return searchedPage(context, filter, after, size);
  const rows = await resourcePage(context, filter, after, size + 1);
  const { items, nextCursor } = toSlice(rows, (row) => [row.id], size);
  return { items: items.map(view), nextCursor };
}

/** @throws PublicError `not_found` */
export async function readResource(
  context: TenantContext,
  id: ResourceId,
): Promise<ResourceDetail> {
  const parent = alias(resources, 'parent');
  const [row] = await tenantDb(context)
    .select({ ...columns, parentProviderId: resources.parentProviderId, parentName: parent.name })
    .from(resources)
    .innerJoin(connections, connectionOfResource)
    .leftJoin(
      parent,
      and(
        eq(parent.tenantId, resources.tenantId),
        eq(parent.connectionId, resources.connectionId),
        eq(parent.providerId, resources.parentProviderId),
      ),
    )
    .where(and(eq(resources.tenantId, context.tenantId), eq(resources.id, id)))
    .limit(1);
  const { parentProviderId, parentName, ...resource } = found(row);
  return { ...view(resource), parentProviderId, parentName };
}
