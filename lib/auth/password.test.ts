import { describe, expect, it } from 'vitest';
import { PublicError } from '@/lib/errors';
import { passwordLength } from './contract';
import { hashPassword, verifyPassword } from './password';
import { requireUsablePassword } from './password-policy';

const about = ['jo.miller@harbour.example', 'Jo Miller', 'Harbour Books'];

describe('a password', () => {
  it('is kept as argon2id with the parameters that OWASP asks for', async () => {
    expect(await hashPassword('a walk along the pier')).toMatch(
      /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/,
    );
  });

  it('opens with itself only', async () => {
    const stored = await hashPassword('a walk along the pier');
    expect(await verifyPassword(stored, 'a walk along the pier')).toBe(true);
    expect(await verifyPassword(stored, 'a walk along the Pier')).toBe(false);
  });

  it('is hashed no further than it can be long', async () => {
    const beyond = 'x'.repeat(passwordLength.max + 1);
    const stored = await hashPassword(beyond);
    expect(await verifyPassword(stored, beyond + 'y'.repeat(1_000_000))).toBe(true);
    expect(await verifyPassword(await hashPassword('x'.repeat(passwordLength.max)), beyond)).toBe(
      false,
    );
  });

  it('never fits where none is kept, not even the one the decoy was made of', async () => {
    expect(await verifyPassword(null, 'no account has this password')).toBe(false);
    expect(await verifyPassword(undefined, 'no account has this password')).toBe(false);
  });

  it.each([
    'aaaaaaaaaaaaaaaa',
    'abababababab',
    'passwordpassword',
    'Password12345',
    'qwertyuiop12',
    'jo.miller@harbour.example',
    'harbourbooks1',
    'Jo Miller 2026',
    '123456789012',
  ])('is refused when guessing starts with it: %s', (password) => {
    expect(() => requireUsablePassword(password, about)).toThrow(PublicError);
  });

  it.each(['a walk along the pier', 'xK9#mQ2$vL7!', 'tide-lantern-orbit'])(
    'is taken when it is its owner’s own: %s',
    (password) => expect(() => requireUsablePassword(password, about)).not.toThrow(),
  );
});
