/**
 * SQL: the tenant of a row is neither suspended nor being deleted. What a tenant has coming waits while
 * it is held, and is due as it was when that is over.
 * @param tenant the column, with its table
 */
export const tenantGoesOn = (tenant: string): string =>
  `exists (select from tenants t where t.id = ${tenant} and t.state = 'active')`;
