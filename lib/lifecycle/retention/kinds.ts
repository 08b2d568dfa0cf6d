import type { TenantLimits } from '@/lib/limits';
import type { RetentionKind } from '../contract';

/** Days that refused accesses are kept at most; a purge over all tenants deletes what is older. */
const mostAccessDays = 90;
/** Days that requests for background work are kept at least: work under way goes by them. */
const leastJobDays = 30;

/** Days for which a link that is over says so on its page; what came of it is on record. */
const mostConsentDays = 30;

/** How many days a tenant keeps each kind. */
export function daysKept(limits: TenantLimits): Readonly<Record<RetentionKind, number>> {
  const { retentionRunsDays, retentionLogsDays, retentionResourcesDays } = limits;
  return {
    runs: retentionRunsDays,
    provider_calls: retentionLogsDays,
    access_logs: Math.min(retentionLogsDays, mostAccessDays),
    mails: retentionLogsDays,
    jobs: Math.max(retentionLogsDays, leastJobDays),
    resources: retentionResourcesDays,
    consents: Math.min(retentionLogsDays, mostConsentDays),
  };
}
