import { contextKey, poolOf } from './connections';
import { perToken } from './context-token';
import { DoorMisuseError } from './errors';
import type { TenantId } from './ids';
import type { Entry } from './wire/entry';
import type { Prelude } from './wire/exchange';
import { Scope } from './wire/scope';

/** Whose data it is. Made from a verified claim only; `lib/tenancy` extends it. */
export interface TenantContext {
  readonly tenantId: TenantId;
}

/** RFC 9562 in its usual lower-case form, any version. */
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The statement that gives a transaction its tenant, by tenant. */
const scopes = perToken((token): readonly Prelude[] => [
  new Scope('tenantry_scope', 'select public.use_tenant($1)', token),
]);

/**
 * The statement that gives a transaction its tenant; the setting ends with the transaction. What it
 * sets is signed, and checked by every policy: SQL that got in from elsewhere cannot set another.
 */
function scopeOf({ tenantId }: TenantContext): readonly Prelude[] {
  if (typeof tenantId !== 'string' || !uuid.test(tenantId)) {
    throw new DoorMisuseError('This is not a tenant id.');
  }
  return scopes(contextKey(), tenantId).made;
}

/**
 * The way in to one tenant's data.
 * @throws DoorMisuseError for an id that is no tenant id
 */
export function tenantEntry(context: TenantContext): Entry {
  const scope = scopeOf(context);
  return { role: 'app', tenantId: context.tenantId, pool: poolOf('app'), scope };
}
