import { v4 } from 'uuid';

/** What is known of a request before anybody is known. */
export interface RequestFacts {
  readonly requestId: string;
  /** The caller chose the id: it may be another request's. */
  readonly requestIdGiven?: boolean;
  readonly method: string;
  /** Path without the query. */
  readonly path: string;
  /** The query with its question mark, or nothing. */
  readonly search: string;
  readonly ipAddress?: string;
  readonly userAgent?: string;
  /** What the caller claims in `X-Tenant-ID`; never a source of the tenant, only compared. */
  readonly tenantHeader?: string;
}

const maxUserAgentLength = 300;

/** The facts of a request from its headers; `proxy.ts` has set id, method, path and query. */
export function factsOf(source: Headers): RequestFacts {
  const address = source.get('x-forwarded-for')?.split(',')[0]?.trim();
  const agent = source.get('user-agent')?.slice(0, maxUserAgentLength);
  const tenantHeader = source.get('x-tenant-id');
  return {
    requestId: source.get('x-request-id') ?? v4(),
    method: source.get('x-request-method') ?? 'GET',
    path: source.get('x-request-path') ?? '/',
    search: source.get('x-request-search') ?? '',
    ...(source.get('x-request-id-given') === '1' ? { requestIdGiven: true } : {}),
    ...(address ? { ipAddress: address } : {}),
    ...(agent ? { userAgent: agent } : {}),
    ...(tenantHeader !== null ? { tenantHeader } : {}),
  };
}
