export { askAboutTenant, askStaffChange, tenantToAsk } from './ask';
export { countApprovals, listApprovals, readApproval } from './browse';
export {
  approvalFilter,
  approvalInput,
  askAboutTenantInput,
  decisionInput,
  staffChangeInput,
} from './contract';
export { carryOutAgain, decideOn } from './decide';
export { listStaff } from './staff';
export { approvalFunctions } from './tell';
