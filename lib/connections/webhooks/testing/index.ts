import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll } from 'vitest';
import { type ConnectionId, newId, withTenant } from '@/db';
import { connections } from '@/db/schema';
import { type Emulator, startEmulator } from '@/emulators';
import { connectWorkspace } from '@/emulators/slack/testing';
import { toPublicError } from '@/lib/errors';
import type { MemberContext } from '@/lib/tenancy';
import { holdTestKey } from '@/lib/vault/testing';
import { replaceCredential } from '../../credentials';
import { transition } from '../../states';
import type { Delivery } from '../request';

/** A stand-in for Slack and a vault key for this test file. Call it before `testDatabase()`. */
export function testSlack(): Emulator {
  let emulator: Emulator | undefined;
  beforeAll(async () => {
    emulator = await startEmulator('slack');
    process.env.SLACK_EMULATOR_URL = emulator.url;
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

/** A server that gives what it is sent to `receive`, as the product's own route does. */
export function testReceiver(receive: (delivery: Delivery) => Promise<Response>): {
  readonly url: string;
  /** Statuses answered so far. */
  readonly answers: number[];
} {
  const answers: number[] = [];
  const server = createServer(async (incoming, outgoing) => {
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
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return receiver;
}

/** A working connection with a workspace, without the consent flow of the product. */
export async function connectSlack(
  context: MemberContext,
  emulator: Emulator,
  appUrl: string,
  workspace = 'northwind',
): Promise<ConnectionId> {
  const redirect = `${appUrl}/back`;
  const { oauth, tokens } = await connectWorkspace(emulator, workspace, undefined, redirect);
  const { accountId, organizationId, name } = await oauth.account(tokens.accessToken);
  const id = newId<ConnectionId>();
  await withTenant(context, async (tx) => {
    await tx.insert(connections).values({
      tenantId: context.tenantId,
      id,
      provider: 'slack',
      authority: 'application',
      accountId,
      providerTenant: organizationId,
      organizationName: name,
      scopes: [...tokens.scopes],
      createdBy: context.userId,
    });
    await replaceCredential(tx, context, id, tokens);
    await transition(tx, context, id, { type: 'consented' });
    await transition(tx, context, id, { type: 'verified' });
  });
  return id;
}
