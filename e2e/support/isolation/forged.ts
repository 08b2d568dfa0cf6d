import { type Claims, sealed } from './token';

const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

const inAnHour = () => Math.floor(Date.now() / 1_000) + 3_600;

/** Tokens that look like a session of the one in the claims, and are none of the product's. */
export async function forgeries(
  claims: Claims,
  real: string,
  secret: string,
): Promise<Readonly<Record<string, string>>> {
  const payload = { sessionVersion: 1, signedInAt: inAnHour() - 3_600, exp: inAnHour(), ...claims };
  const parts = real.split('.');
  const flipped = (at: number) =>
    parts
      .map((part, index) =>
        index === at ? part.replace(/^./, (c) => (c === 'A' ? 'B' : 'A')) : part,
      )
      .join('.');
  return {
    'alg none': `${base64({ alg: 'none' })}.${base64(payload)}.`,
    'alg none, encrypted form': `${base64({ alg: 'none', enc: 'none' })}..${base64({})}.${base64(payload)}.`,
    'alg HS256 without a key': `${base64({ alg: 'HS256' })}.${base64(payload)}.${base64('')}`,
    'plain JSON': encodeURIComponent(JSON.stringify(payload)),
    'another key': await sealed(claims, { secret: `${secret.slice(1)}x` }),
    'an empty key': await sealed(claims, { secret: ' ' }),
    'another cookie’s key': await sealed(claims, { secret, salt: 'tenantry.organisation' }),
    'another library’s name': await sealed(claims, { secret, salt: 'authjs.session-token' }),
    'its header changed': flipped(0),
    'its text changed': flipped(3),
    'its seal changed': flipped(4),
    'cut short': real.slice(0, -8),
    empty: '',
  };
}
