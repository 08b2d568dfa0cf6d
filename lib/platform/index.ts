export type { TenantId } from '@/db';
export { browsePlatformAudit } from './audit';
export {
  type PlatformAuditFilter,
  type PlatformAuditRow,
  platformAuditFilter,
  type TenantFilter,
  type TenantOverview,
  type TenantRow,
  tenantFilter,
} from './contract';
export { lookAsStaff, type StaffLook } from './look';
export { browseOutbox, openOutboxMail } from './outbox';
export { listTenants, tenantOverview } from './tenants';
