import type { z } from 'zod';
import { type TenantId, type UserId, withIdentity } from '@/db';
import { PublicError } from '@/lib/errors';
import { type ActFacts, createTenant } from '@/lib/tenancy';
import type { signUpInput } from './contract';
import { countSignUp } from './limits';
import { hashPassword } from './password';
import { requireUsablePassword } from './password-policy';
import { insertPerson, type Person } from './people';

/** As `signUpInput` gives it. */
export type SignUp = z.output<typeof signUpInput>;

/** Told only to somebody who filled in a whole form, so often per network; see decision 8. */
export function addressTaken(): PublicError {
  const message = 'There is an account with this address. Sign in, or use another address.';
  return new PublicError('conflict', message, {
    fields: { email: 'There is an account with this address.' },
  });
}

/**
 * Make a person and their organisation, of which they are the owner: all of it or nothing.
 * @param facts of the request; without an address no limit applies
 * @throws PublicError `invalid_input` for a guessable password, `conflict`, `rate_limited`
 */
export async function signUp(
  { email, name, password, tenantName }: SignUp,
  facts: ActFacts,
): Promise<{ readonly userId: UserId; readonly tenantId: TenantId }> {
  requireUsablePassword(password, [email, name, tenantName]);
  await countSignUp(facts.ipAddress);
  const passwordHash = await hashPassword(password);
  return withIdentity(async (tx) => {
    const userId = await insertPerson(tx, { email, name, passwordHash });
    if (!userId) throw addressTaken();
    return { userId, tenantId: await createTenant(tx, { userId, name }, tenantName, facts) };
  });
}

/**
 * Make a further organisation for somebody who is signed in; they are its owner.
 * @throws PublicError `rate_limited`
 */
export async function createOrganisation(
  owner: Person,
  tenantName: string,
  facts: ActFacts,
): Promise<TenantId> {
  await countSignUp(facts.ipAddress);
  return withIdentity((tx) => createTenant(tx, owner, tenantName, facts));
}
