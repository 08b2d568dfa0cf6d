import { pgRole } from 'drizzle-orm/pg-core';

/**
 * Login roles. Roles belong to the whole cluster and `CREATE ROLE` cannot be repeated, so the
 * migration runner makes them and the schema only refers to them.
 */
export const appRole = pgRole('tenantry_app').existing();
export const identityRole = pgRole('tenantry_identity').existing();
export const platformRole = pgRole('tenantry_platform').existing();
export const engineRole = pgRole('tenantry_engine').existing();
/** Nobody logs in as this one: the search functions act as it, and it may read what they search. */
export const searchRole = pgRole('tenantry_search').existing();
/** Nobody logs in as this one: the functions that erase a tenant act as it. */
export const eraserRole = pgRole('tenantry_eraser').existing();

/** The roles that serve. None owns a table, none may bypass row security. */
export const servingRoles = {
  app: 'tenantry_app',
  identity: 'tenantry_identity',
  platform: 'tenantry_platform',
  engine: 'tenantry_engine',
} as const;
export type ServingRole = keyof typeof servingRoles;
export const ownerRole = 'tenantry_owner';
export const searchRoleName = 'tenantry_search';
export const eraserRoleName = 'tenantry_eraser';
/** Roles without a login that functions act as. */
export const actingRoleNames = [searchRoleName, eraserRoleName] as const;

/** Whom grants are declared for. */
export const grantees = {
  ...servingRoles,
  search: searchRoleName,
  eraser: eraserRoleName,
} as const;
export type Grantee = keyof typeof grantees;
