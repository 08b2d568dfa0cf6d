export type { TenantId } from '@/db';
export { auditRowsWhere, browsePlatformAudit, eventsWithId } from './audit';
export {
  type PlatformAuditFilter,
  type PlatformAuditRow,
  type PlatformDenialFilter,
  type PlatformDenialRow,
  platformAuditFilter,
  platformDenialFilter,
  type TenantFilter,
  type TenantOverview,
  type TenantRow,
  tenantFilter,
} from './contract';
export { browsePlatformDenials, denialRowsWhere } from './denials';
export { checkAgain, readDoctor } from './doctor';
export { lookAsStaff, type StaffLook } from './look';
export { browseOutbox, openOutboxMail } from './outbox';
export { changeTenantLimits, readTenantLimits } from './tenant-limits';
export { suspensionChanged, tenantFunctions } from './tenant-notices';
export { resumeTenant, suspendTenant } from './tenant-suspension';
export { listTenants, tenantOverview } from './tenants';
