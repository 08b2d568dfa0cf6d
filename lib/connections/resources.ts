import { z } from 'zod';
import {
  alias,
  and,
  asc,
  eq,
  gte,
  isNotNull,
  isNull,
  type ResourceId,
  type SQL,
  sql,
  type TenantContext,
  tenantDb,
} from '@/db';
import { connections, resources } from '@/db/schema';
import { found } from '@/lib/errors';
import { decodeCursor, pageSize, type Slice, toSlice } from '@/lib/paging';
import type { ResourceDetail, ResourceFilter, ResourceView } from './contract';

const position = z.tuple([z.uuid()]);

/** Sorts after every text that has the prefix: U+10FFFF, the last code point there is. */
const last = sql`chr(1114111)`;

/**
 * `starts with`, whatever the case, as a range: under row security `LIKE` and functions of a column
 * are not allowed into an index condition. `lower` is the database's own, as in `sort_name`.
 */
function startsWith(prefix: string): SQL[] {
  const lower = sql`lower(${prefix}::text)`;
  return [gte(resources.sortName, lower), sql`${resources.sortName} < ${lower} || ${last}`];
}

function conditions(context: TenantContext, filter: ResourceFilter): SQL[] {
  const set: SQL[] = [eq(resources.tenantId, context.tenantId)];
  if (filter.kind) set.push(eq(resources.kind, filter.kind));
  if (filter.connection) set.push(sql`${resources.connectionId} = ${filter.connection}::uuid`);
  if (filter.q) set.push(...startsWith(filter.q));
  if (filter.presence === 'present') set.push(isNull(resources.goneAt));
  if (filter.presence === 'gone') set.push(isNotNull(resources.goneAt));
  return set;
}

const columns = {
  id: resources.id,
  connectionId: resources.connectionId,
  provider: connections.provider,
  accountEmail: connections.accountEmail,
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

/** The statement behind a page; its plan is tested. */
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
    .orderBy(asc(resources.sortName), asc(resources.id))
    .limit(limit);
}

type Row = Omit<ResourceView, 'firstSeenAt' | 'updatedAt' | 'goneAt'> & {
  readonly firstSeenAt: Date;
  readonly updatedAt: Date;
  readonly goneAt: Date | null;
};

const view = ({ firstSeenAt, updatedAt, goneAt, ...row }: Row): ResourceView => ({
  ...row,
  firstSeenAt: firstSeenAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
  goneAt: goneAt?.toISOString() ?? null,
});

/**
 * A page of what was found, by name.
 * @throws PublicError `invalid_input` for a cursor that is not ours
 */
export async function browseResources(
  context: TenantContext,
  filter: ResourceFilter,
  cursor?: string,
  size: number = pageSize,
): Promise<Slice<ResourceView>> {
  const after = cursor ? decodeCursor(position, cursor)[0] : null;
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
