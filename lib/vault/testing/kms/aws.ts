import { z } from 'zod';
import { Box } from './box';
import type { KeyAnswer, KeyCall, KeyServiceDouble } from './front';

const input = z.object({
  KeyId: z.string(),
  EncryptionContext: z.record(z.string(), z.string()).default({}),
  Plaintext: z.base64().optional(),
  CiphertextBlob: z.base64().optional(),
});

const fault = (status: number, type: string): KeyAnswer => ({
  status,
  body: { __type: type, message: `a message of ${type}` },
});

/** AWS orders the context itself: the same pairs are the same context. */
const bound = (context: Readonly<Record<string, string>>) =>
  JSON.stringify(Object.entries(context).toSorted(([a], [b]) => (a < b ? -1 : 1)));

/** Encrypt and Decrypt of AWS KMS, JSON 1.1: one key, whose ciphertexts name it. */
export function awsDouble(arn: string): KeyServiceDouble {
  const box = new Box();
  const name = Buffer.from(arn.padEnd(128));
  const act = (call: KeyCall): KeyAnswer => {
    const signed = String(call.headers.authorization ?? '');
    if (
      !/^AWS4-HMAC-SHA256 Credential=\S+\/kms\/aws4_request, SignedHeaders=\S+, Signature=[0-9a-f]{64}$/.test(
        signed,
      )
    ) {
      return fault(400, 'MissingAuthenticationTokenException');
    }
    const { KeyId, EncryptionContext, Plaintext, CiphertextBlob } = input.parse(call.body);
    if (KeyId !== arn) return fault(400, 'NotFoundException');
    if (call.headers['x-amz-target'] === 'TrentService.Encrypt') {
      const closed = box.close(Buffer.from(Plaintext ?? '', 'base64'), bound(EncryptionContext));
      const blob = Buffer.concat([name, closed]).toString('base64');
      return { status: 200, body: { CiphertextBlob: blob, KeyId: arn } };
    }
    const blob = Buffer.from(CiphertextBlob ?? '', 'base64');
    if (!blob.subarray(0, 128).equals(name)) return fault(400, 'IncorrectKeyException');
    const opened = box.open(blob.subarray(128), bound(EncryptionContext));
    if (!opened) return fault(400, 'InvalidCiphertextException');
    return { status: 200, body: { Plaintext: opened.toString('base64'), KeyId: arn } };
  };
  return {
    answer: act,
    throttled: () => fault(400, 'ThrottlingException'),
    broken: () => fault(500, 'KMSInternalException'),
    disabled: () => fault(400, 'DisabledException'),
  };
}
