import { encode } from 'next-auth/jwt';
import { loadSecrets } from '@/cli/start/secrets';
import type { TestServer } from '../server';

export const sessionCookie = 'tenantry.session';
export const supportCookie = 'tenantry.support';

/** What stands in a session's token. */
export interface Claims {
  readonly userId: string;
  readonly tenantId: string | null;
  readonly role: string | null;
  readonly sessionVersion?: number;
  readonly staff?: true;
  /** Seconds since the epoch. */
  readonly secondFactorAt?: number;
  readonly secondFactorDue?: true;
}

/** The secret that this server seals its sessions with. */
export const authSecret = (server: TestServer): string => loadSecrets(server.dataDir).authSecret;

/** A session as the product would seal it, for whoever the claims name. */
export function sealed(
  claims: Claims,
  { secret, salt = sessionCookie }: { readonly secret: string; readonly salt?: string },
): Promise<string> {
  const token = { sessionVersion: 1, ...claims, signedInAt: Math.floor(Date.now() / 1_000) };
  return encode({ token, secret, salt });
}
