import { v7 } from 'uuid';

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

export type TenantId = Branded<'TenantId'>;
export type UserId = Branded<'UserId'>;
export type MembershipId = Branded<'MembershipId'>;
export type InvitationId = Branded<'InvitationId'>;
export type ConnectionId = Branded<'ConnectionId'>;
export type ConsentLinkId = Branded<'ConsentLinkId'>;
export type CredentialId = Branded<'CredentialId'>;
export type DiscoveryId = Branded<'DiscoveryId'>;
export type ResourceId = Branded<'ResourceId'>;
export type AutomationId = Branded<'AutomationId'>;
export type RunId = Branded<'RunId'>;
export type RunStepId = Branded<'RunStepId'>;
export type EffectId = Branded<'EffectId'>;
export type ReportId = Branded<'ReportId'>;
export type AuditEventId = Branded<'AuditEventId'>;
export type DenialId = Branded<'DenialId'>;
export type AlertId = Branded<'AlertId'>;
export type ApprovalId = Branded<'ApprovalId'>;
export type CampaignId = Branded<'CampaignId'>;
export type ReconsentRequestId = Branded<'ReconsentRequestId'>;
export type AppFaultId = Branded<'AppFaultId'>;
export type IncidentId = Branded<'IncidentId'>;
export type ProviderNoticeId = Branded<'ProviderNoticeId'>;
export type JobId = Branded<'JobId'>;
export type MailId = Branded<'MailId'>;
export type ExportId = Branded<'ExportId'>;
export type AuditStreamId = Branded<'AuditStreamId'>;
export type SupportSessionId = Branded<'SupportSessionId'>;
export type SupportRequestId = Branded<'SupportRequestId'>;
export type NoteId = Branded<'NoteId'>;
export type SavedViewId = Branded<'SavedViewId'>;
export type SuspensionId = Branded<'SuspensionId'>;
export type DeletionId = Branded<'DeletionId'>;

/** A new time-ordered id (UUID version 7, RFC 9562), branded by the caller's expectation. */
export function newId<Id extends Branded<string>>(): Id {
  return v7() as Id;
}
