import { readFileSync } from 'node:fs';
import { env } from '@/lib/env';

/** How our app proves who it is: a secret, or a PEM text with its private key and certificate. */
export type ClientProof =
  | { readonly kind: 'secret'; readonly secret: string }
  | { readonly kind: 'certificate'; readonly pem: string };

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

function configuredProof(): ClientProof | null {
  const { MICROSOFT_CLIENT_CERTIFICATE: path, MICROSOFT_CLIENT_SECRET: secret } = env;
  if (path) return { kind: 'certificate', pem: readFileSync(path, 'utf8') };
  return secret ? { kind: 'secret', secret } : null;
}

/** The configuration from the environment, or null when this installation has no Microsoft client. */
export function configuredMicrosoft(): MicrosoftConfig | null {
  const target = env.MICROSOFT_EMULATOR_URL ? emulatorConfig(env.MICROSOFT_EMULATOR_URL) : null;
  const { MICROSOFT_CLIENT_ID: clientId } = env;
  const proof = clientId ? configuredProof() : null;
  if (!clientId || !proof) return target;
  return { ...(target ?? microsoftServers), clientId, proof };
}
