import { z } from 'zod';
import type {
  AlertId,
  ApprovalId,
  AuditEventId,
  AuditStreamId,
  AutomationId,
  CampaignId,
  ConnectionId,
  DeletionId,
  ExportId,
  InvitationId,
  MailId,
  MembershipId,
  ReportId,
  ResourceId,
  RunId,
  RunStepId,
  SavedViewId,
  SupportRequestId,
  SupportSessionId,
  TenantId,
  UserId,
} from '@/db';

/** What an id in an endpoint's input can be the id of. */
export interface IdKinds {
  alert: AlertId;
  /** Of what one of the staff asked another to approve: no tenant's. */
  approval: ApprovalId;
  automation: AutomationId;
  /** Of a campaign of the platform's staff: no tenant's. */
  campaign: CampaignId;
  connection: ConnectionId;
  deletion: DeletionId;
  event: AuditEventId;
  export: ExportId;
  invitation: InvitationId;
  /** Of a look of the doctor's: a report of the platform, no tenant's. */
  look: string;
  mail: MailId;
  /** A membership: the person in one organisation. */
  member: MembershipId;
  report: ReportId;
  resource: ResourceId;
  run: RunId;
  supportRequest: SupportRequestId;
  supportSession: SupportSessionId;
  step: RunStepId;
  stream: AuditStreamId;
  tenant: TenantId;
  user: UserId;
  /** Of a saved view of the platform's staff: no tenant's. */
  view: SavedViewId;
  /** Of a request, as it stands on records; the caller may have chosen it. */
  request: string;
  /** Made by the caller for what is to be made, so that asking twice makes one. */
  fresh: string;
}
export type IdKind = keyof IdKinds;

/** The word by which a schema says, among its metadata, what an id is the id of. */
export const idKindKey = 'idKind';

/**
 * A schema marked as an id of this kind. The isolation suite reads the mark and asks the endpoint
 * for its own, another tenant's and nobody's id of that kind, without anybody writing a case.
 */
export const markId = <Schema extends z.ZodType>(kind: IdKind, schema: Schema): Schema =>
  schema.meta({ [idKindKey]: kind });

/**
 * The id of something, in the path, the query or the body of an endpoint.
 * @param message for people, when it is none
 */
export function idOf<Kind extends IdKind>(kind: Kind, message?: string) {
  return markId(kind, z.uuid(message)).transform((id) => id as string as IdKinds[Kind]);
}
