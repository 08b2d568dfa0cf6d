export type { AuditEventId } from '@/db';
export { auditEvent, auditPeople, browseAudit, withinDays } from './browse';
export {
  type AuditAction,
  type AuditEventDetail,
  type AuditEventRow,
  type AuditFilter,
  auditActions,
  auditFilter,
} from './contract';
export { eventsFound, type Findable, type Newest, type Words } from './found';
export { type OcsfEvent, ocsfMappingVersion, ocsfOf, ocsfVersion } from './ocsf';
export { type AuditEntry, recordAudit } from './record';
export { auditBatches, countAudit } from './walk';
