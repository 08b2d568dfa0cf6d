import { createCipheriv, randomBytes, scrypt } from 'node:crypto';
import { Readable } from 'node:stream';
import type { ReadableStream as WebStream } from 'node:stream/web';
import { Encrypter, type Recipient, Stanza } from 'age-encryption';

/** https://c2sp.org/age#scrypt-recipient-stanza; 18 is what the age tool takes by itself. */
const workFactor = 18;
const label = 'age-encryption.org/v1/scrypt';
const base64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes).toString('base64').replace(/=+$/, '');

function derive(passphrase: string, salt: Uint8Array): Promise<Buffer> {
  const options = { N: 2 ** workFactor, r: 8, p: 1, maxmem: 2 ** (workFactor + 11) };
  return new Promise((resolve, reject) => {
    scrypt(passphrase, salt, 32, options, (error, key) => (error ? reject(error) : resolve(key)));
  });
}

/**
 * Whoever knows the passphrase. As the library's own, but derived beside the event loop: it takes a
 * second, in which this process goes on answering.
 */
function knowing(passphrase: string): Recipient {
  return {
    async wrapFileKey(fileKey) {
      const salt = randomBytes(16);
      const key = await derive(passphrase, Buffer.concat([Buffer.from(label), salt]));
      const cipher = createCipheriv('chacha20-poly1305', key, Buffer.alloc(12), {
        authTagLength: 16,
      });
      const body = Buffer.concat([cipher.update(fileKey), cipher.final(), cipher.getAuthTag()]);
      return [new Stanza(['scrypt', base64(salt), String(workFactor)], body)];
    },
  };
}

/**
 * Encrypt to a passphrase in the age format (https://age-encryption.org/v1), as it streams through.
 * @returns what `age -d` opens
 */
export async function encrypted(plain: Readable, passphrase: string): Promise<Readable> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(knowing(passphrase));
  const sealed = await encrypter.encrypt(Readable.toWeb(plain) as ReadableStream<Uint8Array>);
  return Readable.fromWeb(sealed as unknown as WebStream);
}
