export { takeInvitation, viewInvitation } from './acceptance';
export type { ActFacts, ActingContext, Actor, InvitingContext, MemberContext } from './context';
export { actingAs } from './context';
export {
  type ClosedInvitation,
  can,
  changeRoleInput,
  type InvitationSummary,
  type InvitationView,
  inviteInput,
  type MemberRole,
  type MemberSummary,
  manageableRoles,
  memberRoles,
  mendingPermissions,
  type OpenInvitation,
  type OrganisationSummary,
  type Permission,
  permissions,
  removeMemberInput,
  renameInput,
  revokeInput,
  roleDescriptions,
  type SupportEntry,
  type SupportRole,
  supportRoles,
  tenantName,
  type WorkspaceRole,
} from './contract';
export { hasOwner, inviteMember, listInvitations, revokeInvitation } from './invitations';
export { changeRole, listMembers, removeMember } from './members';
export { loadMembership, type Membership } from './membership';
export {
  createTenant,
  organisationsIn,
  organisationsOf,
  prepareTenant,
  renameTenant,
  requireEntry,
} from './organisations';
export {
  closeAllSupport,
  closeSupport,
  endSupport,
  loadSupport,
  type OpenSupport,
  type SupportAsking,
} from './support-entry';
export { recordSupportView, type SupportLookAt } from './support-view';
