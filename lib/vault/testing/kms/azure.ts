import { constants, generateKeyPairSync, privateDecrypt, publicEncrypt } from 'node:crypto';
import { z } from 'zod';
import type { KeyAnswer, KeyCall, KeyServiceDouble } from './front';

const input = z.object({ alg: z.literal('RSA-OAEP-256'), value: z.string() });

const fault = (status: number, code: string): KeyAnswer => ({
  status,
  body: { error: { code, message: `a message of ${code}` } },
});

const pair = () => generateKeyPairSync('rsa', { modulusLength: 2_048 });
const padding = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' };
const bytes = (value: string) => Buffer.from(value, 'base64url');

export interface AzureDouble extends KeyServiceDouble {
  /** Make a new version, which is the latest from now on. */
  rotate(): void;
}

/** A key with versions in Azure Key Vault: get, wrapkey, unwrapkey, after the challenge. */
export function azureDouble(name: string, token: string): AzureDouble {
  const versions = [pair()];
  const identifier = (at: number) => `${'0'.repeat(31)}${at + 1}`;
  const idOf = (host: string | undefined, at: number) =>
    `http://${host}/keys/${name}/${identifier(at)}`;
  const answer = ({ path, headers, body }: KeyCall): KeyAnswer => {
    if (headers.authorization !== `Bearer ${token}`) {
      const challenge =
        'Bearer authorization="https://login.microsoftonline.com/a-directory", resource="https://vault.azure.net"';
      return { ...fault(401, 'Unauthorized'), headers: { 'www-authenticate': challenge } };
    }
    const { pathname } = new URL(path, 'http://vault');
    const [, , wanted, version, verb] = pathname.split('/');
    if (wanted !== name) return fault(404, 'KeyNotFound');
    if (!verb) {
      const { n, e } = versions.at(-1)?.publicKey.export({ format: 'jwk' }) ?? {};
      const kid = idOf(headers.host, versions.length - 1);
      return {
        status: 200,
        body: { key: { kid, kty: 'RSA', n, e }, attributes: { enabled: true } },
      };
    }
    const at = versions.findIndex((_pair, index) => identifier(index) === version);
    const key = versions[at];
    if (!key) return fault(404, 'KeyNotFound');
    const { value } = input.parse(body);
    try {
      const result =
        verb === 'wrapkey'
          ? publicEncrypt({ key: key.publicKey, ...padding }, bytes(value))
          : privateDecrypt({ key: key.privateKey, ...padding }, bytes(value));
      return {
        status: 200,
        body: { kid: idOf(headers.host, at), value: result.toString('base64url') },
      };
    } catch {
      return fault(400, 'BadParameter');
    }
  };
  return {
    answer,
    rotate: () => versions.push(pair()),
    throttled: () => fault(429, 'Throttled'),
    broken: () => fault(503, 'ServiceUnavailable'),
    disabled: () => fault(403, 'Forbidden'),
  };
}
