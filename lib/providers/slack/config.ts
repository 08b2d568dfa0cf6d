import { env } from '@/lib/env';

/** Where Slack is, and who we are there. */
export interface SlackConfig {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Where people consent: https://docs.slack.dev/authentication/installing-with-oauth */
  readonly authorize: string;
  /** What the names of methods are appended to; ends with a slash. */
  readonly api: string;
}

const slackOrigin = 'https://slack.com/';

/** The client that the emulator knows from the start; it opens nothing but the emulator. */
const emulatorClient = {
  clientId: '101010101010.202020202020',
  clientSecret: 'tenantry-demo-secret',
  signingSecret: 'tenantry-demo-signing-secret',
} as const;

const endpointsAt = (origin: string) => ({
  authorize: new URL('/oauth/v2/authorize', origin).href,
  api: new URL('/api/', origin).href,
});

/** A stand-in answers at Slack's own paths, below one base address. */
export function emulatorConfig(baseUrl: string): SlackConfig {
  const { clientId, clientSecret } = emulatorClient;
  return { clientId, clientSecret, ...endpointsAt(baseUrl) };
}

/** The configuration from the environment, or null when this installation has no Slack app. */
export function configuredSlack(): SlackConfig | null {
  const { SLACK_CLIENT_ID: clientId, SLACK_CLIENT_SECRET: clientSecret } = env;
  if (clientId && clientSecret) {
    return { clientId, clientSecret, ...endpointsAt(env.SLACK_EMULATOR_URL ?? slackOrigin) };
  }
  return env.SLACK_EMULATOR_URL ? emulatorConfig(env.SLACK_EMULATOR_URL) : null;
}

/** What Slack signs its events with, or null when none is set: then no event is believed. */
export function slackSigningSecret(): string | null {
  if (env.SLACK_SIGNING_SECRET) return env.SLACK_SIGNING_SECRET;
  return env.SLACK_EMULATOR_URL ? emulatorClient.signingSecret : null;
}
