import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { env } from '@/lib/env';
import type { ProviderKey } from '@/lib/providers';
import type { ConsentParty } from './consent-party';

/** Seconds in which a consent must be finished. */
export const consentLifetime = 600;
/**
 * Seconds that a browser keeps its secret: whoever comes back too late is told that, and is not taken
 * for somebody who brings another's answer.
 */
const cookieLifetime = 3_600;

/** A secret that ties one flow to one browser; to be set with `httpOnly`, `sameSite: lax`. */
export interface ConsentCookie {
  readonly name: string;
  readonly value: string;
  readonly options: {
    readonly httpOnly: true;
    readonly sameSite: 'lax';
    readonly secure: boolean;
    /** Sent nowhere but to the addresses that providers lead back to. */
    readonly path: string;
    /** Seconds. */
    readonly maxAge: number;
  };
}

type Link = ConsentParty['link'];

/** Members and holders of a link come back to addresses of their own: one asks for a session. */
const place = (link: Link) => (link ? 'reconsent' : 'connections');

/** SHA-256, base64url: what is kept of a secret that only has to be recognised. */
export const digest = (secret: string) => createHash('sha256').update(secret).digest('base64url');

/** 256 random bits. */
export const newSecret = () => randomBytes(32).toString('base64url');

/** Each flow has a cookie of its own, so that two tabs do not spoil each other's. */
const cookieName = (byLink: boolean, stateHash: string) =>
  `tenantry.${byLink ? 'reconsent' : 'consent'}.${stateHash.slice(0, 16)}`;

/** Where the provider leads back to; registered there exactly so. */
export const redirectUri = (provider: ProviderKey, link: Link) =>
  `${env.APP_URL}/api/${place(link)}/${provider}/callback`;

/** The browser's own secret of a flow. By a link, the cookie says which link it was, too. */
export function consentCookie(link: Link, stateHash: string, session: string): ConsentCookie {
  return {
    name: cookieName(link !== null, stateHash),
    value: link ? `${link.token}.${session}` : session,
    options: {
      httpOnly: true,
      sameSite: 'lax',
      secure: env.APP_URL.startsWith('https:'),
      path: `/api/${place(link)}`,
      maxAge: cookieLifetime,
    },
  };
}

type Owner = Pick<ConsentParty, 'context' | 'userId'>;

/** Whose flow a browser's secret is of, by our signature; empty where we have nothing to sign with. */
function signature(random: string, stateHash: string, { context, userId }: Owner): string {
  if (!env.AUTH_SECRET) return '';
  return createHmac('sha256', env.AUTH_SECRET)
    .update(['consent', random, stateHash, context.tenantId, userId ?? ''].join('\n'))
    .digest('base64url');
}

/** A browser's secret of a flow, which still tells whose it was when the flow itself is gone. */
export function newSession(stateHash: string, party: Owner): string {
  const random = newSecret();
  return random + signature(random, stateHash, party);
}

/** Whether a flow that is gone was begun by this party in this browser. */
export function wasBegunHere(
  session: string | undefined,
  stateHash: string,
  party: Owner,
): boolean {
  const random = session?.slice(0, newSecret().length) ?? '';
  const signed = signature(random, stateHash, party);
  return signed !== '' && sameText(session?.slice(random.length) ?? '', signed);
}

export type ReadCookie = (name: string) => string | undefined;

/** The browser's secret for the flow of this state, or undefined. */
export function sessionIn(cookie: ReadCookie, link: Link, stateHash: string): string | undefined {
  const value = cookie(cookieName(link !== null, stateHash));
  return link ? value?.slice(link.token.length + 1) : value;
}

/** The token of the link that this browser began the flow of this state from, or undefined. */
export function linkTokenIn(cookie: ReadCookie, state: string): string | undefined {
  return cookie(cookieName(true, digest(state)))?.split('.')[0];
}

export function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
