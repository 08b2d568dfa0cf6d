import { deletions, erasure } from '@/db';
import { filesLeft } from './files';
import { StageWaits } from './waits';

/**
 * Seconds after the closing in which something may still come in: a transaction of a member that was
 * begun before; the database ends it after so long (`statement_timeout` of the app role).
 */
export const settleSeconds = 30;

/**
 * Look for anything of the tenant in every table there is, by its id and by its name in text, in the
 * engine's memory and among the files.
 * @returns rows that are left, by place; nothing when all is gone
 */
export async function leftovers(
  deletion: deletions.DeletionRow,
): Promise<Readonly<Record<string, number>>> {
  const { id, tenantId } = deletion;
  const left: Record<string, number> = { ...(await erasure.leftInEngine(tenantId)) };
  for (const table of await erasure.scannedTables()) {
    const rows = await erasure.leftIn(id, table);
    if (rows > 0) left[table] = rows;
  }
  const names = await deletions.endedWithNames(tenantId);
  if (names > 0) left.tenant_deletions = names;
  const files = await filesLeft(deletion);
  if (files > 0) left.files = files;
  return left;
}

/**
 * The scan, once nothing can come in any more.
 * @param settle seconds after the closing
 * @throws StageWaits before that
 */
export async function scan(
  deletion: deletions.DeletionRow,
  settle: number,
): Promise<Readonly<Record<string, number>>> {
  const since = (Date.now() - (deletion.closedAt?.getTime() ?? Date.now())) / 1_000;
  if (since < settle) {
    throw new StageWaits(Math.ceil(settle - since), 'Until nothing can come in any more.');
  }
  return leftovers(deletion);
}
