import { type NextFetchEvent, type NextRequest, NextResponse } from 'next/server';
import { hiddenStaffPlace } from '@/lib/auth/staff-places';
import type { SessionClaims } from '@/lib/auth/token';
import { env } from '@/lib/env';
import { acceptRequestId, formTargets, responseHeaders } from '@/lib/headers';
import { factsOf, type RequestFacts } from '@/lib/request/facts';

/**
 * Gives every request its id and nonce and every response its security headers.
 *
 * Who may see what is decided behind this, by the wrapper of each page, route and action: what sits in
 * front of the routes has been bypassed before (CVE-2025-29927).
 */
export async function proxy(request: NextRequest, event: NextFetchEvent): Promise<NextResponse> {
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('base64');
  const given = request.headers.get('x-request-id');
  const requestId = acceptRequestId(given);
  const outgoing = responseHeaders({
    nonce,
    requestId,
    development: env.NODE_ENV === 'development',
    formTargets: formTargets(env),
    appUrl: env.APP_URL,
  });

  const headers = new Headers(request.headers);
  headers.set('x-request-id', requestId);
  headers.set('x-request-id-given', requestId === given ? '1' : '0');
  headers.set('x-nonce', nonce);
  headers.set('x-request-method', request.method);
  headers.set('x-request-path', request.nextUrl.pathname);
  headers.set('x-request-search', request.nextUrl.search);
  // The framework takes the nonce for its own scripts from the policy on the request.
  headers.set('content-security-policy', outgoing['content-security-policy'] ?? '');

  const hidden = await hiddenStaffPlace(request);
  if (hidden?.claims) event.waitUntil(recordHidden(hidden.claims, factsOf(headers)));
  const response = hidden
    ? NextResponse.rewrite(new URL(hidden.instead, request.url), { request: { headers } })
    : NextResponse.next({ request: { headers } });
  for (const [name, value] of Object.entries(outgoing)) response.headers.set(name, value);
  return response;
}

/** Beside the answer, which neither waits for it nor differs by it. Loaded when it is first needed. */
async function recordHidden(claims: SessionClaims, facts: RequestFacts): Promise<void> {
  const { recordHiddenPlace } = await import('@/lib/access/hidden');
  await recordHiddenPlace(claims, facts);
}

export const config = { matcher: '/((?!_next/static/).*)' };
