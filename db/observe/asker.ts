import type { ServingRole } from '../schema/roles';
import type { QueryShape } from './shape';

/** Who asks: which role, for which tenant, and why perhaps for several. */
export interface Asker {
  readonly role: ServingRole;
  readonly tenantId: string | undefined;
  /** Why this work lawfully reaches into several tenants; of no effect for the app role. */
  readonly acrossTenants?: string | undefined;
}

/** Whether the code that made a statement says why it reaches into several tenants. */
export function isLawful(asker: Asker, shape: QueryShape): boolean {
  if (asker.role === 'app') return false;
  return asker.acrossTenants !== undefined || shape.acrossTenants !== undefined;
}
