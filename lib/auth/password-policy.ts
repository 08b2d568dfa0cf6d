import { PublicError } from '@/lib/errors';

/**
 * What people choose when twelve characters are asked for: the long ones of public lists of breached
 * passwords (SecLists, Common-Credentials), and the runs of keys and words that they are built of.
 */
const commonParts = [
  '1q2w3e4r5t6y',
  '1qaz2wsx3edc',
  '123456789012',
  '1234567890',
  '0123456789',
  '9876543210',
  'abcdefghijkl',
  'abcd1234',
  'administrator',
  'changeme',
  'correcthorsebatterystaple',
  'iloveyou',
  'letmein',
  'passphrase',
  'password',
  'passw0rd',
  'p@ssw0rd',
  'qazwsxedc',
  'qwertyuiop',
  'qwerty123',
  'asdfghjkl',
  'zxcvbnm',
  'tenantry',
  'trustno1',
  'welcome',
  'princess',
  'sunshine',
  'football',
  'baseball',
  'superman',
  'starwars',
  'dragon',
  'monkey',
  'master',
] as const;

/** A password must bring at least this many characters beside a common part or a name. */
const ownCharacters = 6;
const distinctCharacters = 5;

const plain = (text: string) => text.normalize('NFKC').toLowerCase().replaceAll(/\s/g, '');

/** What is left of the password when all of these are taken out. */
function remainder(password: string, parts: readonly string[]): string {
  return parts.reduce((rest, part) => rest.replaceAll(part, ''), plain(password));
}

function refuse(message: string): PublicError {
  return new PublicError('invalid_input', message, { fields: { password: message } });
}

/**
 * Refuse a password that guessing starts with (NIST SP 800-63B-4, 3.1.1.2: compare with a blocklist
 * of common, context-specific and account-specific values; no rules of composition).
 * @param about what others know of the person: address, name, organisation
 * @throws PublicError `invalid_input` naming the field `password`
 */
export function requireUsablePassword(password: string, about: readonly string[]): void {
  if (new Set(plain(password)).size < distinctCharacters) {
    throw refuse('That repeats a few characters. Use a sentence or several words.');
  }
  const known = about
    .flatMap((text) => [plain(text), ...plain(text).split(/[@.\-_+]/)])
    .filter((part) => part.length >= 4)
    .sort((a, b) => b.length - a.length);
  if (remainder(password, known).length < ownCharacters) {
    throw refuse('That is mostly your name, address or organisation. Use something else.');
  }
  if (remainder(password, commonParts).length < ownCharacters) {
    throw refuse('That is among the first that are tried. Use a sentence or several words.');
  }
}
