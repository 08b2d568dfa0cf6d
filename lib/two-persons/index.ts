export { askStaffChange, askToShred, tenantToAsk } from './ask';
export { countApprovals, listApprovals, readApproval } from './browse';
export {
  approvalFilter,
  approvalInput,
  decisionInput,
  shredInput,
  staffChangeInput,
} from './contract';
export { carryOutAgain, decideOn } from './decide';
export { listStaff } from './staff';
export { approvalFunctions } from './tell';
