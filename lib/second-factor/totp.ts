import { Secret, TOTP } from 'otpauth';
import { encode } from 'uqr';
import type { Enrolment } from './contract';

/**
 * Codes of RFC 6238 as every authenticator app makes them: SHA-1, six digits, 30 seconds. A code of
 * the step before or after is taken too, for clocks that differ (RFC 6238, 5.2).
 */
const form = { algorithm: 'SHA1', digits: 6, period: 30 } as const;
const drift = 1;
const issuer = 'Tenantry';

/** A new secret of 160 bits (RFC 4226, 4, R6), in base32. */
export const newSecret = (): string => new Secret({ size: 20 }).base32;

/** The number of the 30-second step that is now. */
export const currentStep = (now = Date.now()): number =>
  TOTP.counter({ period: form.period, timestamp: now });

/** The code of a step. */
export function codeOf(secret: string, step: number): string {
  const timestamp = step * form.period * 1_000;
  return TOTP.generate({ ...form, secret: Secret.fromBase32(secret), timestamp });
}

/**
 * The step that a code is of.
 * @returns null when it is of none that is taken now
 */
export function stepOf(secret: string, code: string, now = Date.now()): number | null {
  const key = Secret.fromBase32(secret);
  const delta = TOTP.validate({ ...form, secret: key, token: code, timestamp: now, window: drift });
  return delta === null ? null : currentStep(now) + delta;
}

/** Steps whose codes would be taken now, and for how many seconds more. */
export function takenSteps(now = Date.now()): readonly { step: number; seconds: number }[] {
  const middle = currentStep(now);
  return [-drift, 0, drift].map((delta) => ({
    step: middle + delta,
    seconds: ((middle + delta + drift + 1) * form.period * 1_000 - now) / 1_000,
  }));
}

/** Dark modules as an SVG path, a rectangle to each run of them in a row. */
function pathOf(modules: readonly (readonly boolean[])[]): string {
  return modules
    .flatMap((row, y) =>
      row.flatMap((dark, x) => {
        if (!dark || row[x - 1]) return [];
        const end = row.indexOf(false, x);
        return [
          `M${x} ${y}h${(end < 0 ? row.length : end) - x}v1h-${(end < 0 ? row.length : end) - x}z`,
        ];
      }),
    )
    .join('');
}

/** What an app is shown of a secret. */
export function enrolmentOf(secret: string, email: string): Enrolment {
  const totp = new TOTP({ ...form, issuer, label: email, secret: Secret.fromBase32(secret) });
  const address = totp.toString();
  // Four light modules around it: ISO/IEC 18004 asks for them.
  const { size, data } = encode(address, { ecc: 'M', border: 4 });
  const groups = secret.match(/.{1,4}/g) ?? [];
  return { secret: groups.join(' '), address, qr: { size, path: pathOf(data) } };
}
