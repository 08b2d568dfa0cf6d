import { and, eq, type IdentityTransaction, sql, type UserId, withIdentity } from '@/db';
import { userIdentities, users } from '@/db/schema';
import { logger } from '@/lib/observability';
import { emailAddress, type IdentityProvider, personName } from './contract';
import { insertPerson, personByEmail } from './people';

/** What an identity provider said of somebody, in a token that was verified. */
export interface ProvenIdentity {
  readonly issuer: string;
  readonly subject: string;
  /** Only when the provider vouches for it. */
  readonly email: string | null;
  readonly name: string | null;
}

type Claims = Readonly<Record<string, unknown>>;

/**
 * Whether the provider vouches that the address is this person's.
 *
 * Google says so in `email_verified`. Microsoft's `email` is whatever an administrator of any
 * directory typed in ("nOAuth"), so it counts only with `xms_edov`, which says that the directory
 * has proved to own the address's domain
 * (https://learn.microsoft.com/entra/identity-platform/migrate-off-email-claim-authorization).
 */
function vouchesForEmail(provider: IdentityProvider, claims: Claims): boolean {
  switch (provider) {
    case 'google':
      return claims.email_verified === true;
    case 'microsoft-entra-id':
      return [true, 1, '1', 'true'].includes(claims.xms_edov as never);
  }
}

/**
 * Read a verified ID token.
 * @returns null when it names no issuer or subject
 */
export function provenIdentity(provider: IdentityProvider, claims: Claims): ProvenIdentity | null {
  const { iss, sub } = claims;
  if (typeof iss !== 'string' || typeof sub !== 'string' || !iss || !sub) return null;
  const email = emailAddress.safeParse(claims.email);
  const name = personName.safeParse(claims.name);
  return {
    issuer: iss,
    subject: sub,
    email: email.success && vouchesForEmail(provider, claims) ? email.data : null,
    name: name.success ? name.data : null,
  };
}

async function linkedPerson(tx: IdentityTransaction, { issuer, subject }: ProvenIdentity) {
  const [row] = await tx
    .select({ userId: userIdentities.userId })
    .from(userIdentities)
    .where(and(eq(userIdentities.issuer, issuer), eq(userIdentities.subject, subject)));
  return row?.userId;
}

/**
 * Nobody proved the address when the account was made with a password: it may have been made in
 * wait for its owner. The provider has proved it now, so the password goes and every session with it
 * (Sudhodanan and Paverd, "Pre-hijacked accounts", USENIX Security 2022).
 */
async function giveToOwnerOfAddress(tx: IdentityTransaction, userId: UserId): Promise<void> {
  const [linked] = await tx
    .select({ userId: userIdentities.userId })
    .from(userIdentities)
    .where(eq(userIdentities.userId, userId))
    .limit(1);
  if (linked) return;
  await tx
    .update(users)
    .set({ passwordHash: null, sessionVersion: sql`${users.sessionVersion} + 1` })
    .where(eq(users.id, userId));
  logger.info({ user_id: userId }, 'An identity provider proved an address; its password is gone');
}

async function personFor(
  tx: IdentityTransaction,
  email: string,
  name: string | null,
): Promise<UserId> {
  const fallback = email.split('@')[0] ?? email;
  const made = await insertPerson(tx, { email, name: name ?? fallback, passwordHash: null });
  if (made) return made;
  const person = await personByEmail(tx, email);
  if (!person) throw new Error('A person disappeared while an identity was being linked.');
  await giveToOwnerOfAddress(tx, person.userId);
  return person.userId;
}

/**
 * Whose identity this is. An identity seen before is its person's, whatever address it has by now; a
 * new one is linked to the person with the address, or to a new person.
 * @returns null when it is new and the provider does not vouch for an address
 */
export async function personOfIdentity(identity: ProvenIdentity): Promise<UserId | null> {
  return withIdentity(async (tx) => {
    const known = await linkedPerson(tx, identity);
    if (known) return known;
    if (!identity.email) return null;
    const userId = await personFor(tx, identity.email, identity.name);
    const { issuer, subject } = identity;
    await tx.insert(userIdentities).values({ issuer, subject, userId }).onConflictDoNothing();
    return (await linkedPerson(tx, identity)) ?? null;
  });
}
