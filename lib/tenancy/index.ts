export type { ActingContext, Actor, MemberContext } from './context';
export {
  can,
  type MemberRole,
  memberRoles,
  type Permission,
  permissions,
  roleDescriptions,
} from './contract';
