import { contextKey, poolOf } from './connections';
import { type SignedContext, signedContext } from './context-token';
import { DoorMisuseError } from './errors';
import type { TenantId } from './ids';
import type { Entry } from './wire/entry';
import type { Prelude } from './wire/exchange';

/** Whose data it is. Made from a verified claim only; `lib/tenancy` extends it. */
export interface TenantContext {
  readonly tenantId: TenantId;
}

/** RFC 9562 in its usual lower-case form, any version. */
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Scopes by their token: one is made every few minutes, rather than with each statement. */
const scopes = new WeakMap<SignedContext, readonly Prelude[]>();

/**
 * The statement that gives a transaction its tenant; the setting ends with the transaction. What it
 * sets is signed, and checked by every policy: SQL that got in from elsewhere cannot set another.
 */
function scopeOf(context: TenantContext): readonly Prelude[] {
  const { tenantId } = context;
  if (typeof tenantId !== 'string' || !uuid.test(tenantId)) {
    throw new DoorMisuseError('This is not a tenant id.');
  }
  const signed = signedContext(contextKey(), tenantId);
  const known = scopes.get(signed);
  if (known) return known;
  const { token } = signed;
  const text = 'select public.use_tenant($1)';
  const scope = [{ name: 'tenantry_scope', text, values: [token], answer: token }];
  scopes.set(signed, scope);
  return scope;
}

/**
 * The way in to one tenant's data.
 * @throws DoorMisuseError for an id that is no tenant id
 */
export function tenantEntry(context: TenantContext): Entry {
  const scope = scopeOf(context);
  return { role: 'app', tenantId: context.tenantId, pool: poolOf('app'), scope };
}
