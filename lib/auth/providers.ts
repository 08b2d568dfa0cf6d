import type { OIDCConfig, Provider } from 'next-auth/providers';
import MicrosoftEntraId from 'next-auth/providers/microsoft-entra-id';
import { env } from '@/lib/env';
import type { IdentityProvider } from './contract';

type Claims = Readonly<Record<string, unknown>>;

/** All three, always: a stolen code, a foreign answer and a replayed token are each refused. */
const checks: ('pkce' | 'state' | 'nonce')[] = ['pkce', 'state', 'nonce'];
const authorization = { params: { scope: 'openid profile email' } };

/** The person is found from the token's claims afterwards; nothing of the profile is kept. */
const profile = ({ sub }: { readonly sub?: unknown }) => ({ id: String(sub) });

function google(): Provider[] {
  const { AUTH_GOOGLE_ID: clientId, AUTH_GOOGLE_SECRET: clientSecret } = env;
  if (!clientId || !clientSecret) return [];
  const issuer = env.AUTH_GOOGLE_ISSUER ?? 'https://accounts.google.com';
  const config: OIDCConfig<Claims> = {
    ...{ id: 'google', name: 'Google', type: 'oidc' },
    ...{ issuer, clientId, clientSecret, checks, authorization, profile },
  };
  return [config];
}

function microsoft(): Provider[] {
  const { AUTH_MICROSOFT_ID: clientId, AUTH_MICROSOFT_SECRET: clientSecret } = env;
  if (!clientId || !clientSecret) return [];
  const own = { clientId, clientSecret, checks, authorization, profile };
  // One directory: its issuer must match to the letter.
  const issuer = env.AUTH_MICROSOFT_ISSUER;
  if (issuer) {
    const config: OIDCConfig<Claims> = {
      ...{ id: 'microsoft-entra-id', name: 'Microsoft', type: 'oidc' },
      ...{ issuer, ...own },
    };
    return [config];
  }
  // Any work or school directory: the library checks the issuer against the token's own `tid`.
  return [
    MicrosoftEntraId({ ...own, issuer: 'https://login.microsoftonline.com/organizations/v2.0' }),
  ];
}

/** The identity providers that are configured. */
export const oidcProviders = (): Provider[] => [...google(), ...microsoft()];

/** Their names, for the buttons. */
export function configuredProviders(): readonly IdentityProvider[] {
  return [
    ...(env.AUTH_GOOGLE_ID && env.AUTH_GOOGLE_SECRET ? ['google' as const] : []),
    ...(env.AUTH_MICROSOFT_ID && env.AUTH_MICROSOFT_SECRET ? ['microsoft-entra-id' as const] : []),
  ];
}
