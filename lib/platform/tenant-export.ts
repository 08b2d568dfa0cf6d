import { stringify } from 'csv-stringify/sync';
import type { StaffContext } from '@/lib/access';
import { PublicError } from '@/lib/errors';
import type { TenantFilter, TenantRow } from './contract';
import { lookAsStaff } from './look';
import { tenantSlice } from './tenants';

/** Rows of one file at most: it is made while somebody waits. */
const mostRows = 5_000;

const columns = [
  'id',
  'name',
  'state',
  'createdAt',
  'members',
  'connections',
  'broken',
  'lastActivityAt',
] as const satisfies readonly (keyof TenantRow)[];

/**
 * The list of tenants exactly as it is filtered and sorted, as CSV (RFC 4180, UTF-8). Cells that a
 * spreadsheet would run as a formula are neutralised. It holds names of organisations and counts, and
 * nobody's personal data: no second person has to approve it. It is on the staff's record.
 * @throws PublicError `conflict` when there is more than fits
 */
export function exportTenants(staff: StaffContext, filter: TenantFilter): Promise<string> {
  return lookAsStaff(staff, { action: 'tenants.exported', filter }, async (tx, shows) => {
    const { items, nextCursor } = await tenantSlice(tx, filter, undefined, mostRows);
    if (nextCursor !== null) {
      throw new PublicError(
        'conflict',
        `There are more than ${mostRows.toLocaleString('en')} tenants in this list. Filter it first.`,
      );
    }
    shows(items.map(({ id }) => id));
    return stringify([...items], {
      header: true,
      columns: [...columns],
      escape_formulas: true,
      bom: true,
    });
  });
}
