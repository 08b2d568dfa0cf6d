import { z } from 'zod';
import { and, eq, type PlatformTransaction, type SQL, sql, type TenantId } from '@/db';
import {
  anyTenants,
  type auditStreams,
  type supportRequests,
  type tenantExports,
} from '@/db/schema';
import type { StaffContext } from '@/lib/access';
import { decodeCursor, pageSize, type Slice, toSlice } from '@/lib/paging';
import { lookAsStaff } from './look';
import { withTenantNames } from './tenant-names';

const position = z.tuple([z.uuid()]);

/** What is read for one page, and one row more to see whether there is another. */
export interface AcrossPage {
  readonly where: SQL | undefined;
  readonly order: SQL;
  readonly limit: number;
}

export interface AcrossList<Row> {
  /** As the look at it is put on record. */
  readonly look: {
    readonly action: 'exports.listed' | 'streams.listed' | 'support.listed';
    readonly filter: { readonly tenant?: string | undefined };
  };
  readonly columns: Pick<
    typeof auditStreams | typeof supportRequests | typeof tenantExports,
    'id' | 'tenantId'
  >;
  /** What its filter asks beside the tenant. */
  readonly where: SQL | undefined;
  readonly cursor: string | undefined;
  read(tx: PlatformTransaction, page: AcrossPage): Promise<Row[]>;
}

/**
 * A page of what tenants have, of all of them or of one, newest first, with the names of the tenants;
 * a look that names whom it showed.
 * @throws PublicError `invalid_input` for a cursor that is not ours
 */
export function listAcross<Row extends { readonly id: string; readonly tenantId: TenantId }>(
  staff: StaffContext,
  { look, columns, where, cursor, read }: AcrossList<Row>,
): Promise<Slice<Row & { readonly tenantName: string }>> {
  const tenant = look.filter.tenant as TenantId | undefined;
  const walked = tenant ? sql`${columns.id}` : anyTenants(columns.id);
  const page = {
    where: and(
      tenant ? eq(columns.tenantId, tenant) : undefined,
      where,
      cursor ? sql`${walked} < ${decodeCursor(position, cursor)[0]}` : undefined,
    ),
    order: sql`${walked} desc`,
    limit: pageSize + 1,
  };
  const at = tenant ? { ...look, tenantId: tenant } : look;
  return lookAsStaff(staff, at, async (tx, shows) => {
    const slice = toSlice(await read(tx, page), ({ id }) => [id]);
    shows(slice.items.map(({ tenantId }) => tenantId));
    return { ...slice, items: await withTenantNames(tx, slice.items) };
  });
}
