import { z } from 'zod';
import { Box } from './box';
import type { KeyAnswer, KeyCall, KeyServiceDouble } from './front';

const input = z.object({
  plaintext: z.base64().optional(),
  ciphertext: z.base64().optional(),
  additionalAuthenticatedData: z.base64().default(''),
});

const fault = (code: number, status: string): KeyAnswer => ({
  status: code,
  body: { error: { code, status, message: `a message of ${status}` } },
});

/** The token that its exchange gives, and its calls want. */
const token = 'a-token-of-google';

/** Exchange of a workload's own token, and encrypt and decrypt of Google Cloud KMS v1. */
export function googleDouble(name: string): KeyServiceDouble {
  const box = new Box();
  const answer = ({ path, headers, body }: KeyCall): KeyAnswer => {
    if (path === '/token') {
      return {
        status: 200,
        body: {
          access_token: token,
          issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
          token_type: 'Bearer',
          expires_in: 3_600,
        },
      };
    }
    if (headers.authorization !== `Bearer ${token}`) return fault(401, 'UNAUTHENTICATED');
    const [, key, verb] = /^\/v1\/(.+):(encrypt|decrypt)$/.exec(path) ?? [];
    if (key !== name) return fault(404, 'NOT_FOUND');
    const { plaintext, ciphertext, additionalAuthenticatedData: bound } = input.parse(body);
    if (verb === 'encrypt') {
      const closed = box.close(Buffer.from(plaintext ?? '', 'base64'), bound);
      const version = `${name}/cryptoKeyVersions/1`;
      return { status: 200, body: { name: version, ciphertext: closed.toString('base64') } };
    }
    const opened = box.open(Buffer.from(ciphertext ?? '', 'base64'), bound);
    if (!opened) return fault(400, 'INVALID_ARGUMENT');
    return { status: 200, body: { plaintext: opened.toString('base64') } };
  };
  return {
    answer,
    throttled: () => fault(429, 'RESOURCE_EXHAUSTED'),
    broken: () => fault(503, 'UNAVAILABLE'),
    disabled: () => fault(400, 'FAILED_PRECONDITION'),
  };
}
