import { cookies } from 'next/headers';
import { PublicError } from '@/lib/errors';
import {
  beginEnrolment,
  confirmEnrolment,
  type Enrolment,
  factorHolds,
  factorState,
  openEnrolment,
  proveFactor,
  removeFactor,
  renewRecoveryCodes,
  type StandInCode,
  standInCode,
  tellFactor,
} from '@/lib/second-factor';
import type { ActFacts } from '@/lib/tenancy';
import { cookieOptions, sessionCookieName } from './cookies';
import { type Person, personOfSession } from './people';
import { readToken } from './reading';
import { staffRoleOf } from './staff';
import { awaitsFactor, type SessionToken, sealToken, sessionAge } from './token';

const seconds = () => Math.floor(Date.now() / 1_000);

interface FactorSession {
  readonly token: SessionToken;
  readonly person: Person;
}

/** The session at hand, whether or not it waits for a code; null when it is over. */
async function factorSession(): Promise<FactorSession | null> {
  const token = await readToken();
  const person = token && (await personOfSession(token.userId, token.sessionVersion));
  return person && { token, person };
}

async function requireSession(): Promise<FactorSession> {
  const session = await factorSession();
  if (!session) throw new PublicError('unauthenticated', 'Sign in to go on.');
  return session;
}

/** The same, of a session that waits for no code. */
async function requireOpenSession(): Promise<FactorSession> {
  const session = await requireSession();
  if (!awaitsFactor(session.token)) return session;
  throw new PublicError('second_factor_required', 'Give a code of your second factor first.');
}

/** Put another token in place of the session's. */
async function replaceToken(token: SessionToken): Promise<void> {
  const options = { ...cookieOptions(), maxAge: sessionAge };
  (await cookies()).set(sessionCookieName(), await sealToken(token), options);
}

const isFresh = ({ secondFactorAt }: SessionToken): boolean =>
  secondFactorAt !== undefined && seconds() - secondFactorAt < factorHolds;

/**
 * Have the session's second factor be one that was proved today.
 * @throws PublicError `second_factor_required`
 */
export function requireFreshFactor(token: SessionToken, hasFactor: boolean): void {
  if (hasFactor && isFresh(token)) return;
  const message = hasFactor
    ? 'Give a code of your second factor to go on.'
    : 'Staff need a second factor: set one up to go on.';
  throw new PublicError('second_factor_required', message);
}

/** What is to be asked of whoever comes to the page of the second factor. */
export type FactorStage =
  | { readonly stage: 'signed-out' }
  /** Nobody asks them for a code. */
  | { readonly stage: 'none'; readonly person: Person }
  | { readonly stage: 'proven'; readonly person: Person }
  | { readonly stage: 'prove'; readonly person: Person }
  /** Staff without one; an enrolment once it was begun. */
  | { readonly stage: 'enrol'; readonly person: Person; readonly enrolment: Enrolment | null };

/** How the session at hand stands with its second factor. */
export async function factorStage(): Promise<FactorStage> {
  const session = await factorSession();
  if (!session) return { stage: 'signed-out' };
  const { token, person } = session;
  const [state, staff] = await Promise.all([factorState(person.userId), staffRoleOf(token)]);
  if (state) {
    const due = awaitsFactor(token) || (staff !== null && !isFresh(token));
    return { stage: due ? 'prove' : 'proven', person };
  }
  if (!staff) return { stage: 'none', person };
  return { stage: 'enrol', person, enrolment: await openEnrolment(person) };
}

/**
 * Prove the second factor for the session at hand. For server actions.
 * @throws PublicError `unauthenticated`, and as `proveFactor`
 */
export async function proveSession(code: string, facts: ActFacts): Promise<void> {
  const { token, person } = await requireSession();
  await proveFactor(person.userId, code, facts);
  await replaceToken({ ...token, secondFactorAt: seconds() });
}

/**
 * Begin to set up one's own factor.
 * @throws PublicError `unauthenticated`; `conflict` when there is one
 */
export async function beginOwnEnrolment(): Promise<void> {
  const { person } = await requireOpenSession();
  await beginEnrolment(person.userId);
}

/**
 * Finish setting it up: this session goes on, the person's others end, and they are told by mail. For
 * server actions.
 * @returns recovery codes, for the one time that they are shown
 * @throws PublicError `unauthenticated`, and as `confirmEnrolment`
 */
export async function confirmOwnEnrolment(
  code: string,
  facts: ActFacts,
): Promise<readonly string[]> {
  const { token, person } = await requireOpenSession();
  const { sessionVersion, recoveryCodes } = await confirmEnrolment(person.userId, code, facts);
  const proved = { secondFactorDue: true, secondFactorAt: seconds() } as const;
  await replaceToken({ ...token, ...proved, sessionVersion });
  await tellFactor(person.userId, 'switched_on');
  return recoveryCodes;
}

/**
 * Switch one's own factor off: this session goes on, the person's others end, and they are told by
 * mail. For server actions.
 * @throws PublicError `unauthenticated`, and as `proveFactor`
 */
export async function removeOwnFactor(code: string, facts: ActFacts): Promise<void> {
  const { token, person } = await requireOpenSession();
  const { sessionVersion } = await removeFactor(person.userId, code, facts);
  const { secondFactorAt: _at, secondFactorDue: _due, ...rest } = token;
  await replaceToken({ ...rest, sessionVersion });
  await tellFactor(person.userId, 'switched_off');
}

/**
 * New recovery codes in place of those left.
 * @throws PublicError `unauthenticated`, and as `proveFactor`
 */
export async function renewOwnRecoveryCodes(
  code: string,
  facts: ActFacts,
): Promise<readonly string[]> {
  const { person } = await requireOpenSession();
  return renewRecoveryCodes(person.userId, code, facts);
}

/** What the stand-in for one's app shows in a demo; null anywhere else. */
export async function ownStandInCode(): Promise<StandInCode | null> {
  const session = await factorSession();
  return session && standInCode(session.person.userId);
}
