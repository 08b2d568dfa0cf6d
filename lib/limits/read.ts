import { and, type ConnectionId, desc, eq, type TenantContext, tenantDb } from '@/db';
import { providerBudgets as budgets, type ProviderKey } from '@/db/schema';
import type { BudgetView } from './contract';
import { describeDimension } from './dimensions';
import { shareOf } from './share';
import { limitsOf } from './tenant-limits';

/** Budgets that were used last; people look for the one that runs short now. */
const shown = 60;

type Row = typeof budgets.$inferSelect;

function viewOf(provider: ProviderKey, row: Row, percent: number, now: number): BudgetView[] {
  const known = describeDimension(provider, row.dimension);
  if (!known) return [];
  const { capacity, perSecond } = shareOf(known.budget, percent);
  const slowed = row.slowedUntil !== null && row.slowedUntil.getTime() > now;
  const seconds = Math.max(0, (now - row.refilledAt.getTime()) / 1_000);
  const flowed = Math.floor(seconds * perSecond * (slowed ? 0.5 : 1));
  const paused = row.pausedUntil !== null && row.pausedUntil.getTime() > now;
  return [
    {
      title: known.title,
      which: known.which,
      left: Math.max(0, Math.min(capacity, row.tokens + flowed)),
      capacity,
      perMinute: Math.round(perSecond * 60),
      pausedUntil: paused ? (row.pausedUntil?.toISOString() ?? null) : null,
      slowed,
    },
  ];
}

/** What is left of a connection's budgets, the shortest first. */
export async function readBudgets(
  { tenantId }: TenantContext,
  connectionId: ConnectionId,
  provider: ProviderKey,
): Promise<readonly BudgetView[]> {
  const rows = await tenantDb({ tenantId })
    .select()
    .from(budgets)
    .where(and(eq(budgets.tenantId, tenantId), eq(budgets.connectionId, connectionId)))
    .orderBy(desc(budgets.refilledAt))
    .limit(shown);
  const { providerBudgetPercent: percent } = await limitsOf({ tenantId });
  const now = Date.now();
  const urgency = ({ pausedUntil, left, capacity }: BudgetView) =>
    pausedUntil ? -1 : left / capacity;
  return rows
    .flatMap((row) => viewOf(provider, row, percent, now))
    .sort((a, b) => urgency(a) - urgency(b));
}
