import { type Algorithm, hash, verify } from '@node-rs/argon2';
import { passwordLength } from './contract';

/**
 * Argon2id with 19 MiB, two passes, one lane: the OWASP Password Storage Cheat Sheet's first choice
 * (https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html#argon2id).
 */
const parameters = {
  // The package's const enum cannot be imported by isolated modules; 2 is Argon2id.
  algorithm: 2 satisfies Algorithm.Argon2id,
  memoryCost: 19_456,
  timeCost: 2,
  parallelism: 1,
  outputLen: 32,
} as const;

/** @returns the hash with its salt and parameters, as a PHC string */
export function hashPassword(password: string): Promise<string> {
  return hash(password, parameters);
}

let decoy: Promise<string> | undefined;

/**
 * Whether the password is this person's. Costs the same when there is no such person, or when they
 * have no password, so that the time of an answer does not tell who has an account.
 * @param stored the hash kept for the person; null or undefined when there is none
 */
export async function verifyPassword(
  stored: string | null | undefined,
  password: string,
): Promise<boolean> {
  decoy ??= hashPassword('no account has this password');
  const against = stored ?? (await decoy);
  // A longer one cannot have been set; hashing megabytes would be work for an attacker's asking.
  const right = await verify(against, password.slice(0, passwordLength.max + 1));
  return right && stored !== null && stored !== undefined;
}
