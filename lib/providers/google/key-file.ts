import { createPrivateKey } from 'node:crypto';
import { z } from 'zod';
import type { ServiceAccountKey } from '../provider';

/** Characters; Google's own are about 2,400. */
const longestFile = 20_000;

/** Bits. Google makes 2,048; signing with far longer ones would hold up everybody else. */
const shortestKey = 2_048;
const longestKey = 4_096;

/** What we use of a key file; its addresses are never used, only compared. */
const keyFile = z.object({
  type: z.literal('service_account'),
  project_id: z.string().regex(/^[a-z0-9:.-]{4,63}$/),
  private_key: z.string().min(1),
  client_email: z.string().regex(/^[^@\s]{1,100}@[a-z0-9.:-]{1,100}\.gserviceaccount\.com$/),
  client_id: z.string().regex(/^\d{5,30}$/),
  token_uri: z.string(),
  universe_domain: z.string().optional(),
});

export interface ServiceAccount extends ServiceAccountKey {
  /** PEM. */
  readonly privateKey: string;
}

/** Google's own, today's and the one in older files; files name one, and we always use ours. */
const googleTokenUris = [
  'https://oauth2.googleapis.com/token',
  'https://accounts.google.com/o/oauth2/token',
];

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Whether it is a private RSA key that can sign as Google asks (RS256). */
function signs(pem: string): boolean {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPrivateKey(pem);
    const bits = asymmetricKeyDetails?.modulusLength ?? 0;
    return asymmetricKeyType === 'rsa' && bits >= shortestKey && bits <= longestKey;
  } catch {
    return false;
  }
}

const faults: Readonly<Record<string, string>> = {
  private_key: 'The file holds no private key.',
  client_email: 'The file does not name its service account (client_email).',
  client_id: 'The file has no client id. Create a new key and upload its file.',
};

function faultOf(given: unknown, fields: readonly string[]): string {
  if (given === null || typeof given !== 'object' || Array.isArray(given)) {
    return 'This is not a key file: it is not JSON. Choose the .json file that Google Cloud gave you.';
  }
  if ('installed' in given || 'web' in given) {
    return 'This file is for an OAuth client. Create a key of a service account instead.';
  }
  if (fields.includes('type')) {
    return 'This is not the key of a service account. Create one in Google Cloud, type JSON.';
  }
  const known = fields.find((field) => field in faults);
  return (known && faults[known]) || 'The key file is not complete. Create a new key, type JSON.';
}

/**
 * Read and check the key file that an administrator uploads.
 * @param tokenUri where tokens come from in this configuration: a file that names another place is
 *   refused, and nothing is ever sent to an address out of a file
 * @returns the account, or plain words on what is wrong with the file
 */
export function readKeyFile(
  text: string,
  tokenUri: string,
): ServiceAccount | { readonly fault: string } {
  if (text.length > longestFile) return { fault: 'This file is too large for a key.' };
  const given = parse(text);
  const result = keyFile.safeParse(given);
  if (!result.success) {
    return {
      fault: faultOf(
        given,
        result.error.issues.map(({ path }) => String(path[0])),
      ),
    };
  }
  const { client_email, client_id, project_id, private_key, token_uri, universe_domain } =
    result.data;
  const elsewhere = universe_domain !== undefined && universe_domain !== 'googleapis.com';
  if (elsewhere || ![tokenUri, ...googleTokenUris].includes(token_uri)) {
    return { fault: 'This key is not for Google’s own servers, so it is not used.' };
  }
  if (!signs(private_key)) return { fault: 'The private key in the file cannot be read.' };
  return {
    email: client_email,
    clientId: client_id,
    projectId: project_id,
    privateKey: private_key,
  };
}
