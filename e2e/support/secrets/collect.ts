import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { demoApp } from '@/emulators/microsoft/seed';
import { demoClient as slackClient } from '@/emulators/slack/seed';
import { emulatorConfig } from '@/lib/providers/google';
import { localKey } from '@/lib/vault/key-encryption-key';
import { type NamedKey, reopenMessage } from '@/lib/vault/message';
import { sql } from '../database';
import type { TestServer } from '../server';

/** Something that nobody may see, and what it is. */
export interface Secret {
  readonly kind: string;
  readonly value: string;
}

const wrappingKey = ({ dataDir }: TestServer) =>
  Buffer.from(
    readFileSync(join(dataDir, 'keys', 'key-encryption.key'), 'utf8').trim(),
    'base64url',
  );

interface KeyRow {
  readonly tenant_id: string;
  readonly id: string;
  readonly wrapped: string;
}

async function tenantKeys(server: TestServer): Promise<NamedKey[]> {
  const kek = localKey(wrappingKey(server));
  const rows = await sql<KeyRow>(server, 'select tenant_id, id, wrapped from tenant_keys');
  return Promise.all(
    rows.map(async ({ tenant_id: tenant, id, wrapped }) => {
      const context = { purpose: 'tenant-key', tenant, key: id };
      return { name: id, bytes: await kek.unwrap(wrapped, context) };
    }),
  );
}

/** Every sealed text of a database, opened. */
async function openAll(server: TestServer, column: string): Promise<string[]> {
  const [table = '', name = ''] = column.split('.');
  const keys = await tenantKeys(server);
  const rows = await sql<{ sealed: string }>(
    server,
    `select ${name} as sealed from ${table} where ${name} <> ''`,
  );
  const opened = await Promise.all(rows.map(({ sealed }) => reopenMessage(keys, sealed)));
  return opened.map(({ plaintext }) => plaintext.toString('utf8'));
}

/** The strings in a JSON text, with the name that each goes by. */
function strings(value: unknown, name = ''): Secret[] {
  if (typeof value === 'string') return [{ kind: name, value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => strings(inner, key));
}

/** The keys of people's second factors, as their apps have them. */
async function factorSecrets(server: TestServer): Promise<string[]> {
  const kek = localKey(wrappingKey(server));
  const rows = await sql<{ user_id: string; sealed_secret: string }>(
    server,
    'select user_id, sealed_secret from second_factors',
  );
  return Promise.all(
    rows.map(async ({ user_id: person, sealed_secret: sealed }) => {
      const opened = await kek.unwrap(sealed, { purpose: 'second-factor', person });
      return opened.toString('utf8');
    }),
  );
}

/** A line from the middle of a private key: what stands around it is the same in every file. */
function middleOf(keyFile: string): string {
  const { private_key: key } = JSON.parse(keyFile) as { private_key: string };
  return key.split('\n')[8] ?? '';
}

const words: Readonly<Record<string, string>> = {
  accessToken: 'access token',
  refreshToken: 'refresh token',
};

/** Every secret that the installation has at the moment. */
export async function collectSecrets(server: TestServer): Promise<Secret[]> {
  const credentials = await openAll(server, 'credentials.sealed');
  const verifiers = await openAll(server, 'consent_requests.sealed_verifier');
  const keys = await tenantKeys(server);
  const secrets = JSON.parse(readFileSync(join(server.dataDir, 'secrets.json'), 'utf8'));
  return [
    ...credentials
      .flatMap((text) => strings(JSON.parse(text)))
      .flatMap(({ kind, value }) => {
        if (kind === 'key') return [{ kind: 'service account key', value: middleOf(value) }];
        return words[kind] ? [{ kind: words[kind], value }] : [];
      }),
    ...verifiers.map((value) => ({ kind: 'verifier', value })),
    ...keys.map(({ bytes }) => ({
      kind: 'tenant key',
      value: Buffer.from(bytes).toString('base64'),
    })),
    { kind: 'key encryption key', value: wrappingKey(server).toString('base64') },
    ...(await factorSecrets(server)).map((value) => ({ kind: 'second factor', value })),
    { kind: 'client secret', value: emulatorConfig(server.url).clientSecret },
    { kind: 'client secret of Microsoft', value: demoApp.secret },
    { kind: 'client secret of Slack', value: slackClient.clientSecret },
    { kind: 'signing secret', value: slackClient.signingSecret },
    ...strings(secrets).map(({ kind, value }) => ({ kind: `secrets.json ${kind}`, value })),
  ];
}
