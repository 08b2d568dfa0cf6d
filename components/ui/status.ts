import {
  Archive,
  Ban,
  Circle,
  CircleAlert,
  CircleCheck,
  CircleDashed,
  CircleHelp,
  CirclePause,
  CircleSlash,
  CircleX,
  Clock,
  EyeOff,
  KeyRound,
  LoaderCircle,
  type LucideIcon,
  Mail,
  MailCheck,
  MailX,
  RotateCw,
  ShieldAlert,
  ShieldX,
  SkipForward,
  Trash2,
  TriangleAlert,
  Unplug,
} from 'lucide-react';
import type { Tone } from './tone';

export interface StatusLook {
  readonly label: string;
  readonly tone: Tone;
  readonly icon: LucideIcon;
  /** The icon turns: something is going on right now. */
  readonly busy?: boolean;
}

/** Every state that anything in the product can be in, with the word, icon and tone for it. */
const looks = {
  // connections
  pending: { label: 'Awaiting consent', tone: 'info', icon: Clock },
  awaiting_admin: { label: 'Awaiting admin', tone: 'info', icon: Mail },
  verifying: { label: 'Verifying', tone: 'info', icon: LoaderCircle, busy: true },
  active: { label: 'Active', tone: 'success', icon: CircleCheck },
  degraded: { label: 'Degraded', tone: 'warning', icon: TriangleAlert },
  needs_scopes: { label: 'Needs more access', tone: 'warning', icon: KeyRound },
  needs_reconsent: { label: 'Needs reconsent', tone: 'danger', icon: ShieldAlert },
  blocked_by_policy: { label: 'Blocked by policy', tone: 'danger', icon: ShieldX },
  disconnected: { label: 'Disconnected', tone: 'neutral', icon: Unplug },
  deleted: { label: 'Deleted', tone: 'neutral', icon: Trash2 },
  // runs, steps, discoveries
  queued: { label: 'Queued', tone: 'neutral', icon: CircleDashed },
  running: { label: 'Running', tone: 'accent', icon: LoaderCircle, busy: true },
  retrying: { label: 'Retrying', tone: 'warning', icon: RotateCw },
  succeeded: { label: 'Succeeded', tone: 'success', icon: CircleCheck },
  failed: { label: 'Failed', tone: 'danger', icon: CircleX },
  cancelled: { label: 'Cancelled', tone: 'neutral', icon: CircleSlash },
  skipped: { label: 'Skipped', tone: 'neutral', icon: SkipForward },
  // effects
  intended: { label: 'Under way', tone: 'info', icon: Clock },
  done: { label: 'Done', tone: 'success', icon: CircleCheck },
  unclear: { label: 'Unclear', tone: 'warning', icon: CircleHelp },
  // automations
  enabled: { label: 'On', tone: 'success', icon: CircleCheck },
  disabled: { label: 'Off', tone: 'neutral', icon: CirclePause },
  archived: { label: 'Archived', tone: 'neutral', icon: Archive },
  // audit
  success: { label: 'Success', tone: 'success', icon: CircleCheck },
  failure: { label: 'Failure', tone: 'danger', icon: CircleX },
  denied: { label: 'Denied', tone: 'warning', icon: Ban },
  // alerts
  open: { label: 'Open', tone: 'danger', icon: CircleAlert },
  acknowledged: { label: 'Acknowledged', tone: 'success', icon: CircleCheck },
  // streams
  paused: { label: 'Paused', tone: 'neutral', icon: CirclePause },
  failing: { label: 'Does not arrive', tone: 'danger', icon: CircleAlert },
  // deletions of tenants
  in_grace: { label: 'In grace', tone: 'warning', icon: Clock },
  erasing: { label: 'Being deleted', tone: 'danger', icon: LoaderCircle, busy: true },
  // campaigns
  waiting: { label: 'Waiting', tone: 'info', icon: Clock },
  overdue: { label: 'Overdue', tone: 'warning', icon: TriangleAlert },
  stopped: { label: 'Stopped', tone: 'neutral', icon: CircleSlash },
  // tenants
  suspended: { label: 'Suspended', tone: 'danger', icon: CirclePause },
  deleting: { label: 'Being deleted', tone: 'warning', icon: Trash2 },
  // invitations and mail
  invited: { label: 'Invited', tone: 'info', icon: Mail },
  accepted: { label: 'Accepted', tone: 'success', icon: MailCheck },
  revoked: { label: 'Withdrawn', tone: 'neutral', icon: MailX },
  expired: { label: 'Expired', tone: 'neutral', icon: Clock },
  sent: { label: 'Sent', tone: 'success', icon: MailCheck },
  unsent: { label: 'Kept here', tone: 'neutral', icon: Mail },
  // resources
  present: { label: 'Present', tone: 'success', icon: Circle },
  gone: { label: 'Gone', tone: 'neutral', icon: EyeOff },
  // anything
  error: { label: 'Error', tone: 'danger', icon: CircleAlert },
  unknown: { label: 'Unknown', tone: 'neutral', icon: CircleHelp },
} as const satisfies Record<string, StatusLook>;

export type Status = keyof typeof looks;

/** The look of a state; a state that this version does not know is shown as unknown, never hidden. */
export function statusLook(status: string): StatusLook {
  return Object.hasOwn(looks, status) ? looks[status as Status] : looks.unknown;
}
