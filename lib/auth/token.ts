import { decode, encode } from 'next-auth/jwt';
import { z } from 'zod';
import type { SupportSessionId, TenantId, UserId } from '@/db';
import { env } from '@/lib/env';
import { type MemberRole, memberRoles } from '@/lib/tenancy/contract';
import { sessionCookieName } from './cookies';

/** The support session that a browser is in. Whether it holds is asked of its row, each time. */
export interface SupportClaim {
  readonly sessionId: SupportSessionId;
  readonly tenantId: TenantId;
}

/** Who the session is of, and which organisation it is in. What holds now is the database's word. */
export interface SessionClaims {
  readonly userId: UserId;
  readonly tenantId: TenantId | null;
  readonly role: MemberRole | null;
  /** The person's when the session began; a higher one in the database ends it. */
  readonly sessionVersion: number;
  /** Staff in a support session: the tenant is its, whatever `tenantId` says. */
  readonly support?: SupportClaim;
}

/** Everything in the token. */
export interface SessionToken extends SessionClaims {
  /** Seconds since the epoch. */
  readonly signedInAt: number;
  /** Decides only whether `/admin` is looked for at all; staff are checked in the database. */
  readonly staff?: true;
  /** The person has a second factor: until it is proved, the session is nobody's. */
  readonly secondFactorDue?: true;
  /** When it was proved, in seconds since the epoch; by nothing but a right code. */
  readonly secondFactorAt?: number;
}

/** Whether a code is still to be given before this session is its person's. */
export const awaitsFactor = ({ secondFactorDue, secondFactorAt }: SessionToken): boolean =>
  secondFactorDue === true && secondFactorAt === undefined;

/** Seconds. A session ends after a week without being renewed … */
export const sessionAge = 7 * 24 * 60 * 60;
/** … and 30 days after signing in, however often it was renewed (NIST SP 800-63B-4, 2.1.3). */
const longestSession = 30 * 24 * 60 * 60;

const tokenShape = z.object({
  userId: z.uuid().transform((id) => id as UserId),
  tenantId: z
    .uuid()
    .transform((id) => id as TenantId)
    .nullable(),
  role: z.enum(memberRoles).nullable(),
  sessionVersion: z.int().min(1),
  signedInAt: z.int(),
  staff: z.literal(true).optional(),
  secondFactorDue: z.literal(true).optional(),
  secondFactorAt: z.int().optional(),
});

/**
 * What is in a token's payload, nothing else.
 * @returns null when it has not our shape, or the session is over
 */
export function parseToken(payload: unknown): SessionToken | null {
  const result = tokenShape.safeParse(payload);
  if (!result.success) return null;
  if (Date.now() / 1_000 - result.data.signedInAt > longestSession) return null;
  const { staff, secondFactorDue, secondFactorAt, ...claims } = result.data;
  return {
    ...claims,
    ...(staff ? { staff } : {}),
    ...(secondFactorDue ? { secondFactorDue } : {}),
    ...(secondFactorAt === undefined ? {} : { secondFactorAt }),
  };
}

/** @throws Error when the installation has no secret: nothing can be signed in to then */
export function authSecret(): string {
  if (!env.AUTH_SECRET)
    throw new Error('AUTH_SECRET is not set; make one: openssl rand -base64 32');
  return env.AUTH_SECRET;
}

/**
 * Open a session cookie.
 * @returns null unless it was sealed by us, for this cookie, and has not expired
 */
export async function openToken(cookie: string | undefined): Promise<SessionToken | null> {
  if (!cookie) return null;
  try {
    const secret = authSecret();
    return parseToken(await decode({ token: cookie, secret, salt: sessionCookieName() }));
  } catch {
    return null;
  }
}

/** Seal a session's cookie, as signing in does. */
export function sealToken(token: SessionToken): Promise<string> {
  const salt = sessionCookieName();
  return encode({ token: { ...token }, secret: authSecret(), salt, maxAge: sessionAge });
}
