import { env } from '@/lib/env';

/** Where Google is, and who we are there. */
export interface GoogleConfig {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly endpoints: {
    readonly authorize: string;
    readonly token: string;
    readonly revoke: string;
    readonly userInfo: string;
  };
  /** Root of all API addresses; null for Google's own, which differ by API. */
  readonly apiRoot: string | null;
}

/** Source: https://accounts.google.com/.well-known/openid-configuration */
const googleEndpoints = {
  authorize: 'https://accounts.google.com/o/oauth2/v2/auth',
  token: 'https://oauth2.googleapis.com/token',
  revoke: 'https://oauth2.googleapis.com/revoke',
  userInfo: 'https://openidconnect.googleapis.com/v1/userinfo',
} as const;

/** The client that the emulator knows from the start; it opens nothing but the emulator. */
const emulatorClient = {
  clientId: 'tenantry-demo.apps.googleusercontent.com',
  clientSecret: 'tenantry-demo-secret',
} as const;

/** A stand-in answers at Google's own paths, below one base address. */
export function emulatorConfig(baseUrl: string): GoogleConfig {
  const at = (url: string) => new URL(new URL(url).pathname, baseUrl).href;
  return {
    ...emulatorClient,
    endpoints: {
      authorize: at(googleEndpoints.authorize),
      token: at(googleEndpoints.token),
      revoke: at(googleEndpoints.revoke),
      userInfo: at(googleEndpoints.userInfo),
    },
    apiRoot: new URL('/', baseUrl).href,
  };
}

/** The configuration from the environment, or null when this installation has no Google client. */
export function configuredGoogle(): GoogleConfig | null {
  const { GOOGLE_CLIENT_ID: clientId, GOOGLE_CLIENT_SECRET: clientSecret } = env;
  if (clientId && clientSecret) {
    const target = env.GOOGLE_EMULATOR_URL
      ? emulatorConfig(env.GOOGLE_EMULATOR_URL)
      : { endpoints: googleEndpoints, apiRoot: null };
    return { ...target, clientId, clientSecret };
  }
  return env.GOOGLE_EMULATOR_URL ? emulatorConfig(env.GOOGLE_EMULATOR_URL) : null;
}
