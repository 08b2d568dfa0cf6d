import type { Env } from '@/lib/env';

type Providers = Pick<
  Env,
  | 'AUTH_GOOGLE_ID'
  | 'AUTH_GOOGLE_ISSUER'
  | 'AUTH_MICROSOFT_ID'
  | 'AUTH_MICROSOFT_ISSUER'
  | 'GOOGLE_CLIENT_ID'
  | 'GOOGLE_EMULATOR_URL'
  | 'MICROSOFT_CLIENT_ID'
  | 'MICROSOFT_EMULATOR_URL'
  | 'SLACK_CLIENT_ID'
  | 'SLACK_EMULATOR_URL'
>;

const google = 'https://accounts.google.com';
const microsoft = 'https://login.microsoftonline.com';
const slack = 'https://slack.com';

/**
 * Origins that a form of ours may be redirected to. Browsers hold `form-action` against the whole
 * chain of redirects, so the sign-in and consent pages of what is configured must be named.
 */
export function formTargets(env: Providers): readonly string[] {
  const addresses = [
    env.AUTH_GOOGLE_ID && (env.AUTH_GOOGLE_ISSUER ?? google),
    env.AUTH_MICROSOFT_ID && (env.AUTH_MICROSOFT_ISSUER ?? microsoft),
    env.GOOGLE_EMULATOR_URL ?? (env.GOOGLE_CLIENT_ID && google),
    env.MICROSOFT_EMULATOR_URL ?? (env.MICROSOFT_CLIENT_ID && microsoft),
    env.SLACK_EMULATOR_URL ?? (env.SLACK_CLIENT_ID && slack),
  ];
  const origins = addresses.filter((address) => address !== undefined && address !== '');
  return [...new Set(origins.map((address) => new URL(address as string).origin))];
}
