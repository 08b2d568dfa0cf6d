import { z } from 'zod';
import {
  and,
  asc,
  desc,
  eq,
  gte,
  inArray,
  lt,
  or,
  type PlatformTransaction,
  type SQL,
  sql,
  type TenantId,
} from '@/db';
import { staffAccessLogs as log, staff as staffTable, users } from '@/db/schema';
import type { StaffContext } from '@/lib/access';
import { endOfDay, firstIdOf, startOfDay } from '@/lib/ids';
import { decodeCursor, pageSize, type Slice, toSlice } from '@/lib/paging';
import type { LookFilter, LookRow } from './contract';
import { lookAsStaff, type Shows } from './look';
import { tenantNames } from './tenant-names';

const position = z.tuple([z.uuid()]);

/** Tenants that a line names; how many more there were is said. */
const named = 3;

/** How far an id's time may lie from its row's: they are two clocks', and a look takes its time. */
const slackMs = 3_600_000;

/** A day of the filter: by the ids, which go by time and are the list's order, and exactly by the time. */
function withinDays({ from, to }: LookFilter): SQL[] {
  const start = from && startOfDay(from);
  const end = to && endOfDay(to);
  return [
    ...(start ? [gte(log.id, firstIdOf(start - slackMs)), gte(log.at, new Date(start))] : []),
    ...(end ? [lt(log.id, firstIdOf(end + slackMs)), lt(log.at, new Date(end))] : []),
  ];
}

function conditions(filter: LookFilter, cursor: string | undefined): SQL | undefined {
  const { person, tenant, action } = filter;
  return and(
    person ? eq(log.userId, person) : undefined,
    tenant
      ? or(eq(log.tenantId, tenant as TenantId), sql`${log.details} -> 'tenants' ? ${tenant}`)
      : undefined,
    action ? eq(log.action, action) : undefined,
    ...withinDays(filter),
    cursor ? lt(log.id, decodeCursor(position, cursor)[0]) : undefined,
  );
}

/** What was asked for, as text: the record holds it as it was. */
const textOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

/** What stands in a row in place of a tenant that was erased since: `lifecycle.erase_mentions`. */
const erased = 'erased';

/** Whose it was, of those that are still there, and how many are not. */
function whoseIs({ tenantId, details }: typeof log.$inferSelect) {
  const others = details.tenants ?? [];
  const there = others.filter((id) => id !== erased).map((id) => id as TenantId);
  const tenants: readonly TenantId[] = [...(tenantId ? [tenantId] : []), ...there];
  return { tenants, erasedTenants: others.length - there.length };
}

async function rowsWhere(
  tx: PlatformTransaction,
  where: SQL | undefined,
  shows: Shows,
): Promise<Slice<LookRow>> {
  const found = await tx
    .select()
    .from(log)
    .where(where)
    .orderBy(desc(log.id))
    .limit(pageSize + 1);
  const slice = toSlice(found, ({ id }) => [id]);
  const shown = slice.items.flatMap((row) => whoseIs(row).tenants.slice(0, named));
  shows(shown);
  const names = await tenantNames(tx, shown);
  const persons = [...new Set(slice.items.map(({ userId }) => userId))];
  const people = new Map<string, string>(
    persons.length === 0
      ? []
      : (
          await tx
            .select({ id: users.id, name: users.name })
            .from(users)
            .where(inArray(users.id, persons))
        ).map(({ id, name }) => [id, name]),
  );
  const items = slice.items.map((row): LookRow => {
    const { tenants, erasedTenants } = whoseIs(row);
    const { filter = {}, moreTenants = 0, persons: hits = [], refused = null } = row.details;
    return {
      id: row.id,
      at: row.at.toISOString(),
      person: { id: row.userId, name: people.get(row.userId) ?? 'Somebody who is gone' },
      action: row.action,
      tenants: tenants.slice(0, named).map((id) => ({ id, name: names.get(id) ?? id })),
      moreTenants: Math.max(tenants.length - named, 0) + moreTenants,
      erasedTenants,
      persons: hits.length,
      filter: Object.fromEntries(
        Object.entries(filter).map(([key, value]) => [key, textOf(value)]),
      ),
      refused,
      requestId: row.requestId,
    };
  });
  return { ...slice, items };
}

const lookAt = (filter: LookFilter) => {
  const look = { action: 'looks.browsed', filter } as const;
  return filter.tenant ? { ...look, tenantId: filter.tenant as TenantId } : look;
};

/**
 * A page of what staff looked at and did, newest first. It is a look itself.
 * @throws PublicError `invalid_input` for a cursor that is not ours
 */
export function browseLooks(
  staff: StaffContext,
  filter: LookFilter,
  cursor?: string,
): Promise<Slice<LookRow>> {
  const where = conditions(filter, cursor);
  return lookAsStaff(staff, lookAt(filter), (tx, shows) => rowsWhere(tx, where, shows));
}

/** Whom the filter can name: those who are staff, and whoever it names. */
function lookers(tx: PlatformTransaction, person: LookFilter['person']) {
  return tx
    .select({ id: users.id, name: users.name })
    .from(users)
    .where(
      or(
        inArray(users.id, tx.select({ id: staffTable.userId }).from(staffTable)),
        person ? eq(users.id, person) : undefined,
      ),
    )
    .orderBy(asc(users.name), asc(users.id));
}

/** The first page, and the people to choose from. */
export function openLooks(staff: StaffContext, filter: LookFilter) {
  const where = conditions(filter, undefined);
  return lookAsStaff(staff, lookAt(filter), async (tx, shows) => ({
    first: await rowsWhere(tx, where, shows),
    people: await lookers(tx, filter.person),
  }));
}
