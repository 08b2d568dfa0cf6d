import { createPrivateKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readKeyFile } from './key-file';

const ours = 'https://oauth2.googleapis.com/token';

function pem(modulusLength = 2_048): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** Made up rather than found, which would take a minute: nobody signs with it. */
function veryLong(): string {
  const odd = (bytes: number) => {
    const number = randomBytes(bytes);
    number[0] = (number[0] ?? 0) | 0x80;
    number[bytes - 1] = (number[bytes - 1] ?? 0) | 1;
    return number.toString('base64url');
  };
  const [p, q, dp, dq, qi] = [odd(512), odd(512), odd(511), odd(511), odd(511)];
  const key = { kty: 'RSA', n: odd(1_024), e: 'AQAB', d: odd(1_023), p, q, dp, dq, qi };
  return createPrivateKey({ key, format: 'jwk' })
    .export({ type: 'pkcs8', format: 'pem' })
    .toString();
}

const good = {
  type: 'service_account',
  project_id: 'northwind-automation',
  private_key_id: 'abc',
  private_key: pem(),
  client_email: 'tenantry@northwind-automation.iam.gserviceaccount.com',
  client_id: '112233445566778899001',
  token_uri: ours,
};

const read = (over: object) => readKeyFile(JSON.stringify({ ...good, ...over }), ours);

describe('a key file', () => {
  it('says whose it is', () => {
    expect(read({})).toEqual({
      email: good.client_email,
      clientId: good.client_id,
      projectId: good.project_id,
      privateKey: good.private_key,
    });
  });

  it.each([
    ['text that is not JSON', 'hello', 'not JSON'],
    ['a list', '[]', 'not JSON'],
    ['an OAuth client', JSON.stringify({ web: { client_id: 'x' } }), 'OAuth client'],
    ['credentials of a person', JSON.stringify({ type: 'authorized_user' }), 'service account'],
    ['nothing but a type', JSON.stringify({ type: 'service_account' }), ''],
    ['far too much', ' '.repeat(20_001), 'too large'],
  ])('refuses %s in plain words', (_name, text, words) => {
    const result = readKeyFile(text, ours);
    expect(result).toHaveProperty('fault', expect.stringContaining(words));
  });

  it.each([
    ['another token address', { token_uri: 'https://evil.example/token' }],
    ['an address inside the network', { token_uri: 'http://169.254.169.254/token' }],
    ['Google’s name before another', { token_uri: 'https://oauth2.googleapis.com.evil.example/' }],
    ['another universe', { universe_domain: 'evil.example' }],
  ])('with %s is not used', (_name, over) => {
    expect(read(over)).toHaveProperty('fault', expect.stringContaining('Google’s own'));
  });

  it.each([
    ['no private key', { private_key: '' }],
    ['a private key that is none', { private_key: '-----BEGIN PRIVATE KEY-----\nxx\n-----END' }],
    ['a key too short to trust', { private_key: pem(1_024) }],
    ['a key so long that signing takes seconds', { private_key: veryLong() }],
    ['a client id that is none', { client_id: 'abc' }],
    ['another kind of address', { client_email: 'olivia@northwind.example' }],
  ])('with %s is refused', (_name, over) => {
    expect(read(over)).toHaveProperty('fault');
  });
});
