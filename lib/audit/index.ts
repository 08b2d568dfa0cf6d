export { type AuditAction, auditActions } from './contract';
export { type AuditEntry, recordAudit } from './record';
