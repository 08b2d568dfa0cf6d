import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll } from 'vitest';
import { type ConnectionId, newId, type ProviderNoticeId, withTenant } from '@/db';
import { connections, type NoticeKind, providerNotices } from '@/db/schema';
import { type Emulator, startEmulator } from '@/emulators';
import type { SlackSeed } from '@/emulators/slack/seed';
import { connectWorkspace } from '@/emulators/slack/testing';
import { answerConsent } from '@/emulators/testing';
import { toPublicError } from '@/lib/errors';
import { findWay, type ProviderAccount, type TokenSet } from '@/lib/providers';
import type { MemberContext } from '@/lib/tenancy';
import { holdTestKey } from '@/lib/vault/testing';
import { replaceCredential } from '../../credentials';
import { transition } from '../../states';
import { handleNotice } from '../notice';
import type { Delivery } from '../request';

function testEmulator(name: 'slack' | 'microsoft', seed?: SlackSeed): Emulator {
  let emulator: Emulator | undefined;
  beforeAll(async () => {
    emulator = seed ? await startEmulator('slack', { seed }) : await startEmulator(name);
    process.env[`${name.toUpperCase()}_EMULATOR_URL`] = emulator.url;
    holdTestKey();
  });
  afterAll(() => emulator?.close());
  return new Proxy({} as Emulator, {
    get(_target, property) {
      if (!emulator) throw new Error('The emulator is there from beforeAll on.');
      return Reflect.get(emulator, property);
    },
  });
}

/** A stand-in and a vault key for this test file. Call it before `testDatabase()`. */
export const testSlack = (seed?: SlackSeed) => testEmulator('slack', seed);
export const testMicrosoft = () => testEmulator('microsoft');

/**
 * A server that gives what it is sent to `receive`, as the product's own route does; it is what the
 * product takes for its own address. Call it before `testDatabase()`.
 */
export function testReceiver(receive: (delivery: Delivery) => Promise<Response>): {
  readonly url: string;
  /** Statuses answered so far. */
  readonly answers: number[];
} {
  const answers: number[] = [];
  const server = createServer({ keepAliveTimeout: 0 }, async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const request = new Request(new URL(incoming.url ?? '/', 'http://localhost'), {
      method: incoming.method ?? 'POST',
      headers: incoming.headers as Record<string, string>,
      body: new Uint8Array(Buffer.concat(chunks)),
    });
    const facts = { requestId: newId() as string, method: 'POST', path: '/', search: '' };
    const answer = await receive({ request, facts }).catch(
      (error: unknown) => new Response(null, { status: toPublicError(error).status }),
    );
    answers.push(answer.status);
    outgoing.writeHead(answer.status, Object.fromEntries(answer.headers));
    outgoing.end(Buffer.from(await answer.arrayBuffer()));
  });
  const receiver = { url: '', answers };
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    receiver.url = `http://localhost:${(server.address() as AddressInfo).port}`;
    process.env.APP_URL = receiver.url;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return receiver;
}

interface Consented {
  readonly provider: 'slack' | 'microsoft';
  readonly authority: 'application' | 'delegated';
  readonly account: ProviderAccount;
  readonly tokens: TokenSet;
}

/** A working connection, without the consent flow of the product. */
async function connected(
  context: MemberContext,
  { provider, authority, account, tokens }: Consented,
): Promise<ConnectionId> {
  const id = newId<ConnectionId>();
  await withTenant(context, async (tx) => {
    await tx.insert(connections).values({
      tenantId: context.tenantId,
      id,
      provider,
      authority,
      accountId: account.accountId,
      accountEmail: account.email,
      providerTenant: account.organizationId,
      organizationName: account.email === null ? account.name : null,
      scopes: [...tokens.scopes],
      createdBy: context.userId,
    });
    await replaceCredential(tx, context, id, tokens);
    await transition(tx, context, id, { type: 'consented' });
    await transition(tx, context, id, { type: 'verified' });
  });
  return id;
}

/** A working connection with a workspace of Slack's. */
export async function connectSlack(
  context: MemberContext,
  emulator: Emulator,
  appUrl: string,
  workspace = 'northwind',
): Promise<ConnectionId> {
  const redirect = `${appUrl}/back`;
  const { oauth, tokens } = await connectWorkspace(emulator, workspace, undefined, redirect);
  const account = await oauth.account(tokens.accessToken);
  return connected(context, { provider: 'slack', authority: 'application', account, tokens });
}

/** A working connection with one person's account at Microsoft. */
export async function connectMicrosoft(
  context: MemberContext,
  email = 'olivia@northwind.example',
): Promise<ConnectionId> {
  const way = findWay('microsoft', 'delegated');
  if (!way) throw new Error('there is no Microsoft adapter');
  const oauth = way.oauth();
  const { codeVerifier, codeChallenge } = await oauth.createPkce();
  const redirectUri = 'http://localhost:3000/callback';
  const scopes = way.scopes.map(({ scope }) => scope);
  const url = oauth.authorizationUrl({ state: 's', codeChallenge, redirectUri, scopes });
  const code = (await answerConsent(url, { email })).searchParams.get('code') ?? '';
  const tokens = await oauth.exchangeCode({ code, codeVerifier, redirectUri });
  const account = await oauth.account(tokens.accessToken);
  return connected(context, { provider: 'microsoft', authority: 'delegated', account, tokens });
}

/** What comes of a notice about a connection, as the job that follows it finds out. */
export async function told(
  context: MemberContext,
  connectionId: ConnectionId,
  { kind, event }: { readonly kind: NoticeKind; readonly event: string },
) {
  const id = newId<ProviderNoticeId>();
  const { tenantId } = context;
  await withTenant(context, (tx) =>
    tx.insert(providerNotices).values({ tenantId, id, connectionId, kind, event }),
  );
  return handleNotice(context, id);
}
