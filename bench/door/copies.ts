import { pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { and, asc, eq, type QueryParameters, type TenantId, tenantQuery } from '@/db';
import type { DoorData } from './data';
import { makeCopy } from './fill';

/** A table shaped like `resources`, and the door's two reads of it. */
export interface Copy {
  readonly targets: readonly { readonly tenantId: TenantId; readonly id: string }[];
  point(at: number): Promise<readonly unknown[]>;
  page(at: number): Promise<readonly unknown[]>;
}

const TARGETS = 2_000;

export async function createCopy(
  { owner }: DoorData,
  given: { readonly name: string; readonly tenants: number; readonly rows: number },
): Promise<Copy> {
  const { name } = given;
  await makeCopy(owner, { ...given, policy: 'tenant_id = public.current_tenant()' });
  const table = pgTable(name, {
    tenantId: uuid('tenant_id').notNull(),
    id: uuid('id').notNull(),
    kind: text('kind').notNull(),
    name: text('name').notNull(),
    sortName: text('sort_name').notNull(),
    providerId: text('provider_id').notNull(),
    updatedAt: timestamp('updated_at', { withTimezone: true }).notNull(),
  });
  const { id, kind, providerId, updatedAt } = table;
  const columns = { id, kind, name: table.name, providerId, updatedAt };
  const pointQuery = tenantQuery(`${name}_point`, (db, p: QueryParameters<{ id: string }>) =>
    db
      .select(columns)
      .from(table)
      .where(and(eq(table.tenantId, p.tenantId), eq(table.id, p.id))),
  );
  const pageQuery = tenantQuery(`${name}_page`, (db, p: QueryParameters<Record<never, never>>) =>
    db
      .select(columns)
      .from(table)
      .where(eq(table.tenantId, p.tenantId))
      .orderBy(asc(table.sortName), asc(table.id))
      .limit(50),
  );
  const { rows: targets } = await owner.query<Copy['targets'][number]>(
    `select tenant_id as "tenantId", id from ${name} order by random() limit ${TARGETS}`,
  );
  const target = (at: number) => targets[at % targets.length] as Copy['targets'][number];
  return {
    targets,
    point: (at) => pointQuery(target(at), { id: target(at).id }),
    page: (at) => pageQuery(target(at), {}),
  };
}
