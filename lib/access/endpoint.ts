import type { z } from 'zod';
import type { StaffRole } from '@/db/schema';
import type { Permission } from '@/lib/tenancy';

/** What can be known of an endpoint without calling it; the isolation suite walks these. */
export type Endpoint =
  | { readonly audience: 'tenant'; readonly permission: Permission; readonly shape: EndpointShape }
  | { readonly audience: 'staff'; readonly role: StaffRole; readonly shape: EndpointShape }
  | {
      readonly audience: 'public';
      /** A route's whose GET may be carried out once only. */
      readonly head?: 'refused';
      readonly shape: EndpointShape;
    };

export interface EndpointShape {
  readonly form: 'route' | 'action' | 'page' | 'layout';
  /** Of an action: pages and routes are known by their address. */
  readonly name?: string;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
}

const declaration = Symbol.for('tenantry.endpoint');

/** Mark a function as a declared endpoint. */
export function declareEndpoint<Handler extends object>(
  handler: Handler,
  endpoint: Endpoint,
): Handler {
  Object.defineProperty(handler, declaration, { value: endpoint });
  return handler;
}

/** The endpoint a function was declared as, or undefined: then it came in by no wrapper. */
export function endpointOf(handler: unknown): Endpoint | undefined {
  return typeof handler === 'function'
    ? (handler as { [declaration]?: Endpoint })[declaration]
    : undefined;
}
