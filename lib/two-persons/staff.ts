import { asc, eq, sql } from '@/db';
import { recoveryCodes, secondFactors, staff as staffTable, users } from '@/db/schema';
import type { StaffContext } from '@/lib/access';
import { lookAsStaff } from '@/lib/platform';
import type { StaffRow } from './contract';

/** Everybody of the staff, by name, with how their second factor stands. */
export function listStaff(staff: StaffContext): Promise<readonly StaffRow[]> {
  return lookAsStaff(staff, { action: 'staff.listed' }, async (tx) => {
    const rows = await tx
      .select({
        userId: staffTable.userId,
        name: users.name,
        email: users.email,
        role: staffTable.role,
        since: staffTable.createdAt,
        factorSince: secondFactors.confirmedAt,
        lastSeenAt: secondFactors.lastUsedAt,
        recoveryCodesLeft: sql<number>`(
          select count(*)::int from ${recoveryCodes}
           where ${recoveryCodes.userId} = ${staffTable.userId} and ${recoveryCodes.usedAt} is null)`,
      })
      .from(staffTable)
      .innerJoin(users, eq(users.id, staffTable.userId))
      .leftJoin(secondFactors, eq(secondFactors.userId, staffTable.userId))
      .orderBy(asc(users.name), asc(users.id));
    return rows.map((row) => ({
      ...row,
      since: row.since.toISOString(),
      factorSince: row.factorSince?.toISOString() ?? null,
      lastSeenAt: (row.factorSince && row.lastSeenAt?.toISOString()) ?? null,
    }));
  });
}
