export type { TenantId } from '@/db';
export {
  auditRowsWhere,
  browsePlatformAudit,
  conditions as eventsMatching,
  eventsWithId,
} from './audit';
export { brokenConnections, listBrokenConnections } from './broken-connections';
export {
  brokenConnectionFilter,
  createTenantInput,
  inviteOwnerInput,
  limitsInput,
  lookFilter,
  noteInput,
  type PlatformAuditFilter,
  type PlatformAuditRow,
  type PlatformDenialFilter,
  type PlatformDenialRow,
  platformAuditFilter,
  platformDenialFilter,
  removeViewInput,
  resumeInput,
  saveViewInput,
  suspendInput,
  type TenantFilter,
  type TenantOverview,
  type TenantRow,
  tenantFilter,
  tenantInput,
  tenantQueryOf,
  withdrawOwnerInput,
} from './contract';
export { browsePlatformDenials, denialRowsWhere } from './denials';
export { checkAgain, readDoctor } from './doctor';
export { listAcross } from './list-across';
export { lookAsStaff, type Shows, type StaffLook } from './look';
export { browseLooks, openLooks } from './looks';
export { addNote, readNotes } from './notes';
export { browseOutbox, openOutboxMail } from './outbox';
export { listViews, removeView, saveView } from './saved-views';
export { countStuckRuns, isStuck, isUnfinished } from './stuck-runs';
export { requireTenant } from './tenant-acting';
export { exportTenants } from './tenant-export';
export { changeTenantLimits, readTenantLimits } from './tenant-limits';
export { tenantNames } from './tenant-names';
export { createCustomer, inviteOwner, withdrawOwner } from './tenant-onboarding';
export { tenantHead, tenantOverview } from './tenant-overview';
export { listTenantMembers, tenantPeople } from './tenant-people';
export { resumeTenant, suspendTenant } from './tenant-suspension';
export { listTenants } from './tenants';
