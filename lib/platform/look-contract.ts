import { z } from 'zod';
import type { AuditAction } from '@/lib/audit/contract';
import { idOf } from '@/lib/ids/contract';
import { filterDay } from '@/lib/paging/contract';
import type { StaffLook } from './look';

/** What stands on the staff's own record: what they look at, and what becomes of their second factor. */
type OnRecord = StaffLook['action'] | Extract<AuditAction, `factor.${string}`>;

/** Each in words, in the order of a filter. */
export const lookWords = {
  'overview.opened': 'Opened the overview',
  'palette.searched': 'Searched',
  'tenants.listed': 'Listed tenants',
  'tenants.exported': 'Exported the list of tenants',
  'tenant.opened': 'Opened a tenant',
  'tenant.created': 'Created a tenant',
  'tenant.owner_invited': 'Invited an owner',
  'tenant.invitation_withdrawn': 'Withdrew an invitation',
  'tenant.limits_opened': 'Looked at limits',
  'tenant.limits_changed': 'Changed limits',
  'tenant.suspended': 'Suspended a tenant',
  'tenant.resumed': 'Resumed a tenant',
  'tenant.notes_opened': 'Read notes',
  'tenant.noted': 'Wrote a note',
  'tenant.lifecycle_opened': 'Looked at a tenant’s lifecycle',
  'usage.opened': 'Looked at usage',
  'usage.exported': 'Exported usage',
  'usage.at_limit_set': 'Set what happens at the limit',
  'support.opened': 'Opened the support desk',
  'support.listed': 'Listed support requests',
  'support.asked': 'Asked owners for access',
  'support.started': 'Began a support session',
  'support.resumed': 'Went back into a session',
  'support.write_asked': 'Asked to mend',
  'support.stopped': 'Stopped a support session',
  'person.opened': 'Opened a person',
  'connections.listed': 'Listed connections',
  'runs.listed': 'Listed runs',
  'run.opened': 'Opened a run',
  'run.cancelled': 'Cancelled a run',
  'request.opened': 'Opened a request',
  'engine.opened': 'Looked at the engine',
  'streams.listed': 'Listed streams',
  'exports.listed': 'Listed exports',
  'audit.browsed': 'Browsed the audit',
  'denials.browsed': 'Browsed refused access',
  'alerts.listed': 'Listed alerts',
  'alert.opened': 'Opened an alert',
  'alert.acknowledged': 'Acknowledged an alert',
  'campaigns.listed': 'Listed reconsent',
  'campaigns.sized': 'Counted who would be asked',
  'campaign.opened': 'Opened a campaign',
  'campaign.started': 'Asked for reconsent',
  'campaign.stopped': 'Stopped a campaign',
  'approvals.listed': 'Listed approvals',
  'approval.opened': 'Opened an approval',
  'approval.asked': 'Asked for approval',
  'approval.approved': 'Approved',
  'approval.declined': 'Declined',
  'approval.carried_out': 'Carried out what was approved',
  'deletions.listed': 'Listed deletions',
  'deletion.opened': 'Opened a deletion',
  'deletion.asked': 'Asked for a deletion',
  'deletion.stopped': 'Stopped a deletion',
  'certificate.downloaded': 'Downloaded a certificate',
  'staff.listed': 'Listed staff',
  'looks.browsed': 'Browsed this record',
  'views.listed': 'Listed saved views',
  'view.saved': 'Saved a view',
  'view.removed': 'Removed a view',
  'doctor.opened': 'Opened the doctor',
  'doctor.run': 'Had the doctor look',
  'queries.listed': 'Listed slow queries',
  'query.opened': 'Opened a query',
  'outbox.opened': 'Opened the outbox',
  'factor.switched_on': 'Switched a second factor on',
  'factor.switched_off': 'Switched a second factor off',
  'factor.recovery_renewed': 'Renewed recovery codes',
  'factor.recovery_used': 'Used a recovery code',
  'factor.reset': 'Had a second factor reset',
} as const satisfies Record<OnRecord, string>;

type LookKey = keyof typeof lookWords;
const lookKeys = Object.keys(lookWords) as [LookKey, ...LookKey[]];

/** A look in words; one that this version does not know is shown as it was written. */
export const lookLabel = (action: string): string =>
  Object.hasOwn(lookWords, action) ? lookWords[action as LookKey] : action;

/** Filters of the staff's own record as they stand in the URL. An unusable one is dropped. */
export const lookFilter = z.object({
  /** Of the staff, who looked. */
  person: idOf('user').optional().catch(undefined),
  /** Looked at alone, or among others. */
  tenant: idOf('tenant').optional().catch(undefined),
  action: z.enum(lookKeys).optional().catch(undefined),
  from: filterDay,
  to: filterDay,
});
export type LookFilter = z.output<typeof lookFilter>;

interface Named {
  readonly id: string;
  readonly name: string;
}

/** A line of the staff's own record. Times are ISO 8601 in UTC. */
export interface LookRow {
  readonly id: string;
  readonly at: string;
  readonly person: Named;
  readonly action: string;
  /** The one that it was about, or the first of those that it showed. */
  readonly tenants: readonly Named[];
  /** How many more it showed. */
  readonly moreTenants: number;
  /** How many that it showed were erased since. */
  readonly erasedTenants: number;
  /** How many people a search found. */
  readonly persons: number;
  /** What was asked for, as text. */
  readonly filter: Readonly<Record<string, string>>;
  /** The code of the error that the look ended with. */
  readonly refused: string | null;
  readonly requestId: string;
}
