export { type InvitationView, takeInvitation, viewInvitation } from './acceptance';
export type { ActFacts, ActingContext, Actor, InvitingContext, MemberContext } from './context';
export { actingAs } from './context';
export {
  can,
  type InvitationSummary,
  type MemberRole,
  type MemberSummary,
  manageableRoles,
  memberRoles,
  type OrganisationSummary,
  type Permission,
  permissions,
  roleDescriptions,
  tenantName,
} from './contract';
export { inviteMember, listInvitations, revokeInvitation } from './invitations';
export { changeRole, listMembers, removeMember } from './members';
export { loadMembership, type Membership } from './membership';
export {
  createTenant,
  organisationsIn,
  organisationsOf,
  renameTenant,
  requireEntry,
} from './organisations';
