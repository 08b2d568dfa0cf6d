import { randomFillSync } from 'node:crypto';
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

/** Bytes of chance that an id takes, and how many ids' worth is drawn at once: drawing takes 10 µs. */
const chance = 16;
const drawn = Buffer.alloc(chance * 256);
let at = drawn.length;
/** Milliseconds since 1970 of the last id, and its place among those of the same millisecond. */
let time = 0;
let place = 0;

/**
 * A new time-ordered id (UUID version 7, RFC 9562), branded by the caller's expectation. Those of one
 * process go up: within a millisecond they are counted, from a random number on (section 6.2, method 1).
 */
export function newId<Id extends Branded<string>>(): Id {
  if (at === drawn.length) {
    randomFillSync(drawn);
    at = 0;
  }
  const random = drawn.subarray(at, at + chance);
  at += chance;
  const now = Date.now();
  if (now > time) {
    time = now;
    // 31 bits of the 32 that there are: a count from here on does not overflow within a millisecond.
    place = random.readUInt32BE(6) >>> 1;
  } else {
    place += 1;
  }
  return v7({ random, msecs: time, seq: place }) as Id;
}
