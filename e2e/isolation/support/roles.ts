import { type ServingRole, servingRoles } from '@/db/schema/roles';

/** The roles that serve, in the order of the declarations. */
export const servingRoleKeys = Object.keys(servingRoles) as readonly ServingRole[];
