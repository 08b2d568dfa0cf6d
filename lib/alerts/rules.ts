import type { alerting } from '@/db';
import type { DenialReason, DenialRule } from '@/db/schema';
import { denialReasonWords } from '@/lib/denials/contract';

type Rule = Omit<alerting.Watch, 'rule'>;

const everyReason = Object.keys(denialReasonWords) as DenialReason[];

/** Once is enough: no honest client does it. */
const once = { windowSeconds: 300, denials: 1, tenants: 1 } as const;

/**
 * What makes an alert. The figures are ours: people who mistype an address or press a button that is
 * not theirs stay below ten refusals a minute in every journey of the tests, and a script that walks
 * ids is beyond thirty within seconds.
 */
export const rules: Readonly<Record<DenialRule, Rule>> = {
  actor_burst: {
    subject: 'person',
    reasons: everyReason,
    windowSeconds: 60,
    denials: 30,
    tenants: 1,
  },
  actor_many_tenants: {
    subject: 'person',
    reasons: everyReason,
    windowSeconds: 600,
    denials: 3,
    tenants: 3,
  },
  // Not once: throwaway accounts would fill the alerts with one each.
  tenant_header: {
    subject: 'person',
    reasons: ['tenant_header_mismatch'],
    windowSeconds: 600,
    denials: 3,
    tenants: 1,
  },
  forged_job: { subject: 'tenant', reasons: ['forged_job'], ...once },
  forged_context: { subject: 'tenant', reasons: ['forged_context'], ...once },
};
