import { z } from 'zod';
import { idOf, markId } from '@/lib/ids/contract';
import { filterDay } from '@/lib/paging/contract';

/** Everything that is put on record, with the words people read. */
export const auditActions = {
  'tenant.created': 'Organisation created',
  'tenant.renamed': 'Organisation renamed',
  'tenant.suspended': 'Organisation suspended',
  'tenant.resumed': 'Organisation resumed',
  'limits.changed': 'Limits changed',
  'session.started': 'Signed in',
  'session.switched': 'Switched to this organisation',
  'session.ended': 'Signed out',
  'factor.switched_on': 'Second factor switched on',
  'factor.switched_off': 'Second factor switched off',
  'factor.reset': 'Second factor taken away',
  'factor.recovery_used': 'Recovery code used',
  'factor.recovery_renewed': 'New recovery codes made',
  'approval.approved': 'Approved by a second person of the staff',
  'approval.declined': 'Declined by a second person of the staff',
  'member.invited': 'Member invited',
  'invitation.revoked': 'Invitation withdrawn',
  'invitation.accepted': 'Invitation accepted',
  'member.role_changed': 'Role changed',
  'member.removed': 'Member removed',
  'connection.requested': 'Connection started',
  'connection.consented': 'Consent given',
  'connection.consent_failed': 'Consent not given',
  'connection.reconsent_asked': 'Asked to consent again',
  'connection.state_changed': 'Connection changed state',
  'connection.disconnected': 'Connection disconnected',
  'connection.revoked': 'Access asked back from the provider again',
  'connection.incident_told': 'People told of a broken connection',
  'connection.recovery_told': 'People told that a connection works again',
  'consent_link.made': 'Consent asked for by a link',
  'consent_link.opened': 'Consent link opened',
  'consent_link.used': 'Consent link used',
  'consent_link.withdrawn': 'Consent link withdrawn',
  'discovery.requested': 'Discovery asked for',
  'discovery.finished': 'Discovery finished',
  'automation.created': 'Automation created',
  'automation.updated': 'Automation changed',
  'automation.enabled': 'Automation switched on',
  'automation.disabled': 'Automation switched off',
  'automation.archived': 'Automation removed',
  'run.requested': 'Run asked for',
  'run.finished': 'Run finished',
  'run.cancelled': 'Run cancelled',
  'run.refused': 'Run refused',
  'effect.intended': 'Change about to be made',
  'effect.done': 'Change made',
  'effect.failed': 'Change not made',
  'effect.unclear': 'Outcome of a change is unclear',
  'deletion.asked': 'Deletion of the organisation asked for',
  'deletion.told': 'Owners told of the deletion',
  'deletion.reminded': 'Owners reminded of the deletion',
  'deletion.undone': 'Deletion of the organisation undone',
  'deletion.stopped': 'Deletion of the organisation stopped by staff',
  'deletion.end_told': 'Owners told that nothing is deleted',
  'retention.told': 'Owners told how long things are kept',
  'retention.purged': 'What is kept no longer was deleted',
  'keys.rotated': 'Key of the organisation exchanged',
  'keys.resealed': 'Secrets sealed with the new key',
  'keys.rewrapped': 'Key of the organisation wrapped anew',
  'keys.moved': 'Key of the organisation moved to its own store',
  'keys.shredded': 'Keys of the organisation destroyed',
  'support.started': 'Support began to look',
  'support.viewed': 'Support looked',
  'support.ended': 'Support stopped looking',
  'support.asked': 'Support asked to look',
  'support.approved': 'Support allowed to look',
  'support.declined': 'Support not allowed to look',
  'support.write_asked': 'Support asked to mend',
  'support.write_granted': 'Support allowed to mend',
  'support.access_changed': 'Access of support changed',
  'report.exported': 'Report exported',
  // Of staff's exports across organisations; members' are `export.*`, and were this once.
  'audit.exported': 'Audit exported',
  'usage.exported': 'Usage exported',
  'limits.warned': 'Owners told that a limit is near',
  'limits.action_set': 'Set what happens when the runs are used up',
  'export.requested': 'Export asked for',
  'export.finished': 'Export made',
  'export.failed': 'Export not made',
  'export.cancelled': 'Export cancelled',
  'export.downloaded': 'Export downloaded',
  'stream.created': 'Stream of the record set up',
  'stream.paused': 'Stream of the record paused',
  'stream.resumed': 'Stream of the record resumed',
  'stream.removed': 'Stream of the record removed',
  'stream.tested': 'Test event sent to a stream',
  'stream.failing': 'Stream of the record does not arrive',
  'stream.recovered': 'Stream of the record arrives again',
} as const;

export type AuditAction = keyof typeof auditActions;

export const auditOutcomes = ['success', 'failure', 'denied'] as const;
export type AuditOutcome = (typeof auditOutcomes)[number];

const auditActionKeys = Object.keys(auditActions) as [AuditAction, ...AuditAction[]];

/** Filters of the record as they stand in the URL. An unusable one is dropped. */
export const auditFilter = z.object({
  action: z.enum(auditActionKeys).optional().catch(undefined),
  outcome: z.enum(auditOutcomes).optional().catch(undefined),
  actor: idOf('user').optional().catch(undefined),
  run: idOf('run').optional().catch(undefined),
  connection: idOf('connection').optional().catch(undefined),
  request: markId('request', z.string().max(128)).optional().catch(undefined),
  from: filterDay,
  to: filterDay,
});
export type AuditFilter = z.output<typeof auditFilter>;

/** A line of the record. Times are ISO 8601 in UTC. */
export interface AuditEventRow {
  readonly id: string;
  readonly at: string;
  readonly actorType: 'member' | 'guest' | 'staff' | 'automation' | 'system';
  readonly actorId: string | null;
  readonly actorName: string;
  readonly action: string;
  readonly targetType: string;
  readonly targetId: string;
  readonly targetName: string;
  readonly outcome: AuditOutcome;
  readonly requestId: string;
  readonly runId: string | null;
  readonly connectionId: string | null;
}

export interface AuditEventDetail extends AuditEventRow {
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly details: Readonly<Record<string, unknown>>;
}

/** An action in words; one that this version does not know is shown as it was written. */
export function auditActionLabel(action: string): string {
  return (auditActions as Record<string, string>)[action] ?? action;
}
