export { type ApprovalRequest, type ApprovingStaff, askApproval } from './ask';
export { browseApprovals, countWaiting, openApproval, waitingApprovals } from './browse';
export {
  type ApprovalKind,
  type ApprovalRow,
  type ApprovalState,
  type ApprovalSubject,
  approvalHours,
  approvalReason,
  approvalTitles,
  approvalWords,
  decisionNote,
  mayDecide,
  type StaffChange,
  staffChange,
} from './contract';
export {
  type Approval,
  decideApproval,
  noteFailure,
  noteOutcome,
  requireDecidable,
  type Taken,
  takeApproval,
} from './decide';
