/**
 * The challenge of a refused call, where it demands more of the token than its permissions: a policy
 * changed, or the session was revoked.
 * Source: https://learn.microsoft.com/entra/identity-platform/claims-challenge
 */
export function demandsClaims(headers: Headers): boolean {
  return /\berror="?insufficient_claims"?/i.test(headers.get('www-authenticate') ?? '');
}

/** What the next token must show, as JSON (OpenID Connect Core §5.5), or null. */
export function demandedClaims(headers: Headers): string | null {
  if (!demandsClaims(headers)) return null;
  const encoded = /\bclaims="([^"]+)"/i.exec(headers.get('www-authenticate') ?? '')?.[1];
  if (!encoded) return null;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  return parsed(text) === null ? null : text;
}

/** We understand such challenges, so that Microsoft may give and revoke long-lived tokens. */
const capability = { xms_cc: { values: ['cp1'] } } as const;

/** The `claims` of a token request: what we can do, and what was demanded. */
export function claimsParameter(demanded?: string): string {
  const asked = demanded === undefined ? null : parsed(demanded);
  const accessToken = { ...(asked?.access_token as object | undefined), ...capability };
  return JSON.stringify({ ...asked, access_token: accessToken });
}

function parsed(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** The claims of a token whose signature is for somebody else to check; null when it has none. */
export function payloadOf(token: string): Readonly<Record<string, unknown>> | null {
  return parsed(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
}

/** What a token carries: delegated scopes (`scp`) or app roles; null when it cannot be read. */
export function carriedPermissions(accessToken: string): readonly string[] | null {
  const payload = payloadOf(accessToken);
  if (payload === null) return null;
  if (Array.isArray(payload.roles)) {
    return payload.roles.filter((role): role is string => typeof role === 'string');
  }
  return typeof payload.scp === 'string' ? payload.scp.split(' ').filter(Boolean) : [];
}
