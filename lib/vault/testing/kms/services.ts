import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KeyEncryptionKey } from '../../key-encryption-key';
import { awsKey, azureKey, googleKey, transitKey } from '../../kms';
import { awsDouble } from './aws';
import { type AzureDouble, azureDouble } from './azure';
import { KeyServer } from './front';
import { googleDouble } from './google';
import { transitDouble } from './transit';

/** A key service on this machine, and a driver that speaks to it. */
export interface TestService {
  readonly server: KeyServer;
  /** The driver, made anew: nothing of an earlier one is in memory. */
  key(): KeyEncryptionKey;
  /** The driver for a key of that service which is not there. */
  otherKey(): KeyEncryptionKey;
  /** What shows in a call that we are who we say. */
  readonly signed: RegExp;
  stop(): Promise<void>;
}

const arn = 'arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';

export async function awsService(): Promise<TestService> {
  const server = new KeyServer(awsDouble(arn));
  const url = await server.start();
  // Made up, as a deployment's environment would have them.
  process.env.AWS_ACCESS_KEY_ID = 'AKIAEXAMPLE';
  process.env.AWS_SECRET_ACCESS_KEY = 'an example of a secret';
  return {
    server,
    key: () => awsKey(arn, url),
    otherKey: () => awsKey(arn.replace('1234abcd', 'ffffffff'), url),
    signed: /^AWS4-HMAC-SHA256 .*Signature=/,
    stop: () => server.stop(),
  };
}

const googleName = 'projects/p/locations/europe-west3/keyRings/r/cryptoKeys/tenantry';

export async function googleService(): Promise<TestService> {
  const server = new KeyServer(googleDouble(googleName));
  const url = await server.start();
  const directory = mkdtempSync(join(tmpdir(), 'tenantry-kms-'));
  const subject = join(directory, 'subject');
  writeFileSync(subject, 'a workload’s own token');
  const configuration = join(directory, 'workload.json');
  writeFileSync(
    configuration,
    JSON.stringify({
      type: 'external_account',
      audience:
        '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q',
      subject_token_type: 'urn:ietf:params:oauth:token-type:jwt',
      token_url: `${url}/token`,
      credential_source: { file: subject },
    }),
  );
  process.env.GOOGLE_APPLICATION_CREDENTIALS = configuration;
  return {
    server,
    key: () => googleKey(googleName, url),
    otherKey: () => googleKey(`${googleName}-other`, url),
    signed: /^Bearer a-token-of-google$/,
    async stop() {
      await server.stop();
      rmSync(directory, { recursive: true });
    },
  };
}

export async function azureService(): Promise<TestService & { readonly double: AzureDouble }> {
  const double = azureDouble('tenantry', 'a-token-of-azure');
  const server = new KeyServer(double);
  const url = await server.start();
  const access = async () => ({
    credential: {
      getToken: async () => ({
        token: 'a-token-of-azure',
        expiresOnTimestamp: Date.now() + 3_600_000,
      }),
    },
    pipeline: { allowInsecureConnection: true, disableChallengeResourceVerification: true },
  });
  return {
    server,
    double,
    key: () => azureKey(`${url}/keys/tenantry`, access),
    otherKey: () => azureKey(`${url}/keys/other`, access),
    signed: /^Bearer a-token-of-azure$/,
    stop: () => server.stop(),
  };
}

export async function transitService(): Promise<TestService> {
  const server = new KeyServer(transitDouble('transit', 'tenantry', 'hvs.example'));
  const url = await server.start();
  const access = { token: 'hvs.example' };
  return {
    server,
    key: () => transitKey(`${url}/transit/keys/tenantry`, access),
    otherKey: () => transitKey(`${url}/transit/keys/other`, access),
    signed: /^hvs\.example$/,
    stop: () => server.stop(),
  };
}
