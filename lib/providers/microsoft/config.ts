import { readFileSync } from 'node:fs';
import { type Env, env } from '@/lib/env';

/** How our app proves who it is. */
export type ClientProof =
  | { readonly kind: 'secret'; readonly secret: string }
  | {
      readonly kind: 'certificate';
      /** PEM text with the private key and the certificate: read anew, so that a renewed one counts. */
      readonly read: () => string;
    };

/** Where Microsoft is, and who we are there. */
export interface MicrosoftConfig {
  readonly clientId: string;
  readonly proof: ClientProof;
  /** Base address of the identity platform, without a trailing slash. */
  readonly login: string;
  /** Base address of Microsoft Graph with its version, without a trailing slash. */
  readonly graph: string;
}

/** Source: https://learn.microsoft.com/entra/identity-platform/v2-protocols#endpoints */
const microsoftServers = {
  login: 'https://login.microsoftonline.com',
  graph: 'https://graph.microsoft.com/v1.0',
} as const;

/** The client that the emulator knows from the start; it opens nothing but the emulator. */
const emulatorClient = {
  clientId: '7e0a4a8e-6d3f-4a53-9d4b-1f3f5c1d2e60',
  proof: { kind: 'secret', secret: 'tenantry-demo-secret' },
} as const;

/** A stand-in answers for sign-in and for Graph at Microsoft's own paths, below one base address. */
export function emulatorConfig(baseUrl: string): MicrosoftConfig {
  const base = new URL(baseUrl).origin;
  return { ...emulatorClient, login: base, graph: `${base}/v1.0` };
}

type Settings = Pick<
  Env,
  | 'MICROSOFT_CLIENT_ID'
  | 'MICROSOFT_CLIENT_SECRET'
  | 'MICROSOFT_CLIENT_CERTIFICATE'
  | 'MICROSOFT_EMULATOR_URL'
>;

function proofIn(settings: Settings): ClientProof | null {
  const { MICROSOFT_CLIENT_CERTIFICATE: path, MICROSOFT_CLIENT_SECRET: secret } = settings;
  if (path) return { kind: 'certificate', read: () => readFileSync(path, 'utf8') };
  return secret ? { kind: 'secret', secret } : null;
}

/** What the settings make of it, or null when they name no Microsoft client. */
export function microsoftConfig(settings: Settings): MicrosoftConfig | null {
  const { MICROSOFT_CLIENT_ID: clientId, MICROSOFT_EMULATOR_URL: standIn } = settings;
  const emulated = standIn ? emulatorConfig(standIn) : null;
  const proof = clientId ? proofIn(settings) : null;
  if (!clientId || !proof) return emulated;
  return { ...(emulated ?? microsoftServers), clientId, proof };
}

/** The configuration from the environment, or null when this installation has no Microsoft client. */
export const configuredMicrosoft = (): MicrosoftConfig | null => microsoftConfig(env);
