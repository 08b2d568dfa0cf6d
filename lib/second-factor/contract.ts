import { z } from 'zod';

/** A code of the app's, six digits, or one of the recovery codes; as people type them. */
export const factorCode = z
  .string()
  .trim()
  .min(6, 'Enter the six digits, or a recovery code.')
  .max(60, 'Enter the six digits, or a recovery code.');

export const proveInput = z.object({ code: factorCode });

/** How a person's second factor stands. Times are ISO 8601 in UTC. */
export interface FactorState {
  readonly since: string;
  readonly lastUsedAt: string | null;
  /** Recovery codes that were not used yet. */
  readonly recoveryCodesLeft: number;
}

/** What an app needs to know to make codes. */
export interface Enrolment {
  /** Base32, in groups, for typing. */
  readonly secret: string;
  /** `otpauth:` address. */
  readonly address: string;
  /** The address as a QR code: modules to a side, and an SVG path of the dark ones. */
  readonly qr: { readonly size: number; readonly path: string };
}

/** What the stand-in for an authenticator app shows in a demo. */
export interface StandInCode {
  /** Null while each code that would be taken has been used. */
  readonly code: string | null;
  /** Until there is another, in seconds; 0 with a code. */
  readonly waitSeconds: number;
}

/** How long a proof holds for staff, in seconds: a working day (NIST SP 800-63B-4 allows 24 hours). */
export const factorHolds = 12 * 60 * 60;
