import type { Budget } from './bucket';

/**
 * What an organisation may use of a provider's budget.
 * @param percent of it, 1 to 100
 * @param least units that one call takes: however small the share, a single call must fit in
 */
export function shareOf({ capacity, perSecond }: Budget, percent: number, least = 1): Budget {
  const share = percent / 100;
  return {
    capacity: Math.max(least, Math.floor(capacity * share)),
    perSecond: perSecond * share,
  };
}
