import { Card, CardHeader, DateTime } from '@/components/ui';
import type { BudgetView } from '@/lib/limits/contract';

/** Budgets shown; those that run short come first. */
const shown = 6;

const number = new Intl.NumberFormat('en');

function State({ budget }: { budget: BudgetView }) {
  if (budget.pausedUntil) {
    return (
      <>
        The provider asked us to wait, <DateTime value={budget.pausedUntil} />
      </>
    );
  }
  return (
    <>
      {number.format(budget.left)} of {number.format(budget.capacity)} left, then{' '}
      {number.format(budget.perMinute)} a minute
      {budget.slowed && '; at half the pace, as the provider warned us'}
    </>
  );
}

/** How much may be asked of the provider now, without going beyond its limits. */
export function BudgetCard({ budgets }: { budgets: readonly BudgetView[] }) {
  if (budgets.length === 0) return null;
  return (
    <Card aria-labelledby="budgets">
      <CardHeader id="budgets" title="Calls that are left" />
      <ul className="divide-y">
        {budgets.slice(0, shown).map((budget) => (
          <li key={`${budget.title} ${budget.which}`} className="px-4 py-2.5 text-sm sm:px-5">
            <p className="truncate font-medium">
              {budget.title}
              {budget.which && <span className="text-muted">, {budget.which}</span>}
            </p>
            <meter
              className="my-1 h-1.5 w-full"
              min={0}
              max={budget.capacity}
              low={budget.capacity / 10}
              value={budget.pausedUntil ? 0 : budget.left}
              aria-label={`${budget.title} ${budget.which ?? ''}`}
            />
            <p className="text-muted text-xs" data-numeric>
              <State budget={budget} />
            </p>
          </li>
        ))}
      </ul>
      {budgets.length > shown && (
        <p className="border-t px-4 py-2.5 text-muted text-xs sm:px-5">
          And {budgets.length - shown} more with enough left.
        </p>
      )}
    </Card>
  );
}
