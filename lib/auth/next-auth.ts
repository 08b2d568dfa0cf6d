import { cookies, headers } from 'next/headers';
import NextAuth, { type NextAuthConfig } from 'next-auth';
import Credentials from 'next-auth/providers/credentials';
import { z } from 'zod';
import type { TenantId, UserId } from '@/db';
import { shareAuthUrl } from '@/lib/env';
import { PublicError } from '@/lib/errors';
import { factsOf, type RequestFacts } from '@/lib/request';
import { type IdentityProvider, identityProviders, signInInput } from './contract';
import { authCookies, organisationCookieName } from './cookies';
import { authenticate } from './credentials';
import { personOfIdentity, provenIdentity } from './identities';
import { authLogger } from './log';
import { oidcProviders } from './providers';
import { SignInRefused } from './refusal';
import { enterTenant, recordSignOut, startSession } from './session';
import { authSecret, awaitsFactor, parseToken, sessionAge } from './token';

const credentials = signInInput.pick({ email: true, password: true });

/** The only thing that an update may ask for; everything else that is sent is ignored. */
const updateRequest = z.object({ tenantId: z.uuid().transform((id) => id as TenantId) });

interface Asked {
  readonly facts: RequestFacts;
  /** The organisation last worked in, as the browser remembers it. */
  readonly remembered: string | undefined;
}

const byPassword = ({ facts }: Asked) =>
  Credentials({
    credentials: { email: {}, password: {} },
    async authorize(given) {
      try {
        const input = credentials.safeParse(given);
        if (!input.success) throw new PublicError('invalid_input', 'Enter address and password.');
        return { id: await authenticate(input.data, facts) };
      } catch (error) {
        if (error instanceof PublicError) throw new SignInRefused(error);
        throw error;
      }
    },
  });

const isIdentityProvider = (id: string): id is IdentityProvider =>
  Object.hasOwn(identityProviders, id);

function callbacks({ facts, remembered }: Asked): NextAuthConfig['callbacks'] {
  return {
    async signIn({ user, account, profile }) {
      if (!account || !isIdentityProvider(account.provider)) return true;
      const identity = provenIdentity(account.provider, { ...profile });
      const userId = identity && (await personOfIdentity(identity));
      if (!userId) return '/sign-in?error=unverified_email';
      // Without an adapter the framework invents an id; the session is the person's.
      user.id = userId;
      return true;
    },
    async jwt({ token, user, account, trigger, session }) {
      if (trigger === 'signIn' || trigger === 'signUp') {
        const method = account?.provider ?? 'credentials';
        return { ...(await startSession(user.id as UserId, { remembered, method }, facts)) };
      }
      const current = parseToken(token);
      if (!current || trigger !== 'update' || awaitsFactor(current)) {
        return current && { ...current };
      }
      const wanted = updateRequest.safeParse(session).data?.tenantId ?? current.tenantId;
      if (!wanted) return { ...current };
      try {
        return { ...(await enterTenant(current, wanted, facts)) };
      } catch (error) {
        // Not theirs to enter: they stay where they are.
        if (error instanceof PublicError) return { ...current };
        throw error;
      }
    },
    session({ session, token }) {
      const parsed = parseToken(token);
      const claims = parsed && !awaitsFactor(parsed) ? parsed : null;
      return {
        expires: session.expires,
        user: { id: claims?.userId },
        tenantId: claims?.tenantId,
        role: claims?.role,
      } as never;
    },
  };
}

function configFor(asked: Asked): NextAuthConfig {
  const page = '/sign-in';
  return {
    basePath: '/api/auth',
    secret: authSecret(),
    // The address is APP_URL, whatever a Host header says: see shareAuthUrl.
    trustHost: true,
    session: { strategy: 'jwt', maxAge: sessionAge },
    cookies: authCookies(),
    pages: { signIn: page, signOut: page, error: page, verifyRequest: page },
    providers: [byPassword(asked), ...oidcProviders()],
    callbacks: callbacks(asked),
    events: {
      async signOut(message) {
        const token = 'token' in message ? parseToken(message.token) : null;
        if (token) await recordSignOut(token, asked.facts);
      },
    },
    logger: authLogger,
  };
}

/** Who asks: from the request at hand, or from the one that the framework is serving. */
async function whoAsks(request: Request | undefined): Promise<Asked> {
  const facts = factsOf(request?.headers ?? (await headers()));
  const name = organisationCookieName();
  const jar =
    request && 'cookies' in request ? (request as never as CookieReader).cookies : await cookies();
  return { facts, remembered: jar.get(name)?.value };
}

interface CookieReader {
  readonly cookies: { get(name: string): { readonly value: string } | undefined };
}

export const { handlers, signIn, signOut, unstable_update } = NextAuth(async (request) => {
  shareAuthUrl();
  return configFor(await whoAsks(request));
});
