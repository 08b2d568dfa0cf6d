import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { RecordError } from './errors';

/**
 * Signed notes, https://c2sp.org/signed-note: a text that ends with a line break, an empty line, and a
 * line for each signature. Ed25519 (RFC 8032), algorithm 1 of the format.
 */

const algorithm = Uint8Array.of(1);
const publicBytes = 32;
const idBytes = 4;

/** The 32 bytes of the public half of an Ed25519 key. */
export function rawPublicKey(key: KeyObject): Buffer {
  const half = key.type === 'private' ? createPublicKey(key) : key;
  const { x } = half.export({ format: 'jwk' });
  return Buffer.from(x ?? '', 'base64url');
}

function publicKeyOf(raw: Uint8Array): KeyObject {
  const x = Buffer.from(raw).toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}

function keyId(name: string, raw: Uint8Array): Buffer {
  const hash = createHash('sha256').update(`${name}\n`).update(algorithm).update(raw).digest();
  return hash.subarray(0, idBytes);
}

/** What a verifier is given: `<name>+<id>+<key>`, as signed-note tools take it. */
export function verifierKey(name: string, raw: Uint8Array): string {
  const key = Buffer.concat([algorithm, raw]).toString('base64');
  return `${name}+${keyId(name, raw).toString('hex')}+${key}`;
}

interface Verifier {
  readonly name: string;
  readonly raw: Buffer;
}

/** @throws RecordError `key_malformed` */
export function parseVerifierKey(text: string): Verifier {
  const [, name = '', id = '', key = ''] = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/.exec(text) ?? [];
  const bytes = Buffer.from(key, 'base64');
  const raw = bytes.subarray(1);
  const sound = bytes[0] === algorithm[0] && raw.length === publicBytes;
  if (!sound || keyId(name, raw).toString('hex') !== id) {
    throw new RecordError('key_malformed', `This is no verifier key: ${text}`);
  }
  return { name, raw };
}

/** Put a signature under a text by each key. @param text ends with a line break */
export function signNote(text: string, name: string, keys: readonly KeyObject[]): string {
  const lines = keys.map((key) => {
    const signature = sign(null, Buffer.from(text, 'utf8'), key);
    const bytes = Buffer.concat([keyId(name, rawPublicKey(key)), signature]);
    return `— ${name} ${bytes.toString('base64')}\n`;
  });
  return `${text}\n${lines.join('')}`;
}

/** What a note says, whoever signed it. @throws RecordError `note_malformed` */
export function noteText(note: string): string {
  const at = note.lastIndexOf('\n\n');
  if (at < 0 || !note.endsWith('\n')) {
    throw new RecordError('note_malformed', 'This is no signed note.');
  }
  return note.slice(0, at + 1);
}

/**
 * The text of a note that at least one of the verifiers signed.
 * @returns null when none of them did
 * @throws RecordError `note_malformed`
 */
export function openNote(note: string, verifierKeys: readonly string[]): string | null {
  const text = noteText(note);
  const verifiers = verifierKeys.map(parseVerifierKey);
  const signed = note
    .slice(text.length + 1)
    .split('\n')
    .some((line) => {
      const [, name, signature = ''] = /^— (\S+) (\S+)$/.exec(line) ?? [];
      const bytes = Buffer.from(signature, 'base64');
      return verifiers.some(
        (verifier) =>
          verifier.name === name &&
          keyId(verifier.name, verifier.raw).equals(bytes.subarray(0, idBytes)) &&
          verify(
            null,
            Buffer.from(text, 'utf8'),
            publicKeyOf(verifier.raw),
            bytes.subarray(idBytes),
          ),
      );
    });
  return signed ? text : null;
}
