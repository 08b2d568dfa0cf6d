import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { KeyEncryptionKey } from '../key-encryption-key';
import { byStatus, canonical, type KeyService, remoteKey, type ServiceAnswer } from './remote';

const encrypted = z.object({ data: z.object({ ciphertext: z.string().startsWith('vault:') }) });
const decrypted = z.object({ data: z.object({ plaintext: z.base64() }) });

/** Bytes of an answer that are read at most. */
const answerLimit = 65_536;

class TransitError extends Error {
  constructor(
    readonly status: number,
    readonly undone: boolean,
  ) {
    super(`HTTP ${status}`);
  }
}

/** https://developer.hashicorp.com/vault/api-docs#http-status-codes: 400 is a text it cannot open. */
function explain(error: unknown): ServiceAnswer {
  if (!(error instanceof TransitError)) {
    const { code, name } = ((error as Error).cause ?? error) as { code?: string; name?: string };
    return { fault: 'key_service_unavailable', code: code ?? name ?? 'no answer' };
  }
  const code = `HTTP ${error.status}`;
  if (error.status === 400 && error.undone) return { fault: 'key_wrong', code };
  // What answers for a sealed Vault, and for a standby without a way to the active one.
  if (error.status === 472 || error.status === 473) {
    return { fault: 'key_service_unavailable', code };
  }
  return byStatus(error.status, code);
}

/** How we show Vault who we are; an agent's file is read anew each time, as agents renew it. */
export interface TransitAccess {
  readonly token?: string | undefined;
  readonly tokenFile?: string | undefined;
  readonly namespace?: string | undefined;
}

async function tokenOf({ token, tokenFile }: TransitAccess): Promise<string> {
  if (tokenFile) return (await readFile(tokenFile, 'utf8')).trim();
  return token ?? '';
}

async function readBounded(response: Response): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > answerLimit) throw new Error('the answer is too long');
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

/**
 * A key of Vault's (or OpenBao's) transit engine, type aes256-gcm96 or chacha20-poly1305. What it is
 * for is its associated data (Vault ≥ 1.9).
 * @param address https://<host>[/v1]/<mount>/keys/<name>
 */
export function transitKey(address: string, access: TransitAccess): KeyEncryptionKey {
  const url = new URL(address);
  const [, mount = '', name = ''] = /^\/(?:v1\/)?(.+)\/keys\/([^/]+)$/.exec(url.pathname) ?? [];
  async function call(verb: string, body: object, signal: AbortSignal): Promise<unknown> {
    const response = await fetch(`${url.origin}/v1/${mount}/${verb}/${name}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-vault-request': 'true',
        'x-vault-token': await tokenOf(access),
        ...(access.namespace ? { 'x-vault-namespace': access.namespace } : {}),
      },
      body: JSON.stringify(body),
      signal,
      // The token goes to the configured host and to no other: let standbys forward.
      redirect: 'error',
    });
    if (response.ok) return readBounded(response);
    await response.body?.cancel();
    throw new TransitError(response.status, verb === 'decrypt');
  }
  const bound = (context: Parameters<typeof canonical>[0]) =>
    Buffer.from(canonical(context)).toString('base64');
  const service: KeyService = {
    name: 'Vault',
    remedy: `See that the token is valid, that its policy allows update on ${mount}/encrypt/${name} and ${mount}/decrypt/${name}, and that the key is there.`,
    async wrap(plaintext, context, signal) {
      const body = {
        plaintext: Buffer.from(plaintext).toString('base64'),
        associated_data: bound(context),
      };
      return encrypted.parse(await call('encrypt', body, signal)).data.ciphertext;
    },
    async unwrap(ciphertext, context, signal) {
      const body = { ciphertext, associated_data: bound(context) };
      const { data } = decrypted.parse(await call('decrypt', body, signal));
      return Buffer.from(data.plaintext, 'base64');
    },
    explain,
  };
  return remoteKey(`vault-transit:${url.origin}/${mount}/keys/${name}`, service);
}
