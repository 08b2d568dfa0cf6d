import type { OwnLimits } from '@/lib/limits';

/** Limits of a tenant that has none of its own. */
export const noOwnLimits: OwnLimits = {
  automations: null,
  members: null,
  runsAtOnce: null,
  runsPerMonth: null,
  providerBudgetPercent: null,
  retentionRunsDays: null,
  retentionLogsDays: null,
  retentionResourcesDays: null,
};
