import { z } from 'zod';
import { Box } from './box';
import type { KeyAnswer, KeyCall, KeyServiceDouble } from './front';

const input = z.object({
  plaintext: z.base64().optional(),
  ciphertext: z.string().optional(),
  associated_data: z.base64().default(''),
});

const fault = (status: number, error: string): KeyAnswer => ({ status, body: { errors: [error] } });

/** Encrypt and decrypt of Vault's transit engine, for one key with versions. */
export function transitDouble(mount: string, name: string, token: string): KeyServiceDouble {
  const box = new Box();
  const answer = ({ method, path, headers, body }: KeyCall): KeyAnswer => {
    if (headers['x-vault-token'] !== token) return fault(403, 'permission denied');
    const [, at, verb, key] = /^\/v1\/(.+)\/(encrypt|decrypt)\/(.+)$/.exec(path) ?? [];
    if (method !== 'POST' || at !== mount) return fault(404, 'no handler for route');
    if (key !== name) return fault(400, 'encryption key not found');
    const { plaintext, ciphertext = '', associated_data: bound } = input.parse(body);
    if (verb === 'encrypt') {
      const closed = box.close(Buffer.from(plaintext ?? '', 'base64'), bound);
      const text = `vault:v1:${closed.toString('base64')}`;
      return { status: 200, body: { data: { ciphertext: text, key_version: 1 } } };
    }
    const opened = box.open(Buffer.from(ciphertext.replace('vault:v1:', ''), 'base64'), bound);
    if (!opened) return fault(400, 'cipher: message authentication failed');
    return { status: 200, body: { data: { plaintext: opened.toString('base64') } } };
  };
  return {
    answer,
    throttled: () => fault(429, 'request path "transit/encrypt": rate limit quota exceeded'),
    broken: () => fault(503, 'Vault is sealed'),
    disabled: () => fault(403, 'permission denied'),
  };
}
