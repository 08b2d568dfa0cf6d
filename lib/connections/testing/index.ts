import { afterAll, beforeAll } from 'vitest';
import { type ConnectionId, newId, type TenantContext, type UserId, withTenant } from '@/db';
import { connections } from '@/db/schema';
import type { TestDatabase } from '@/db/testing';
import { type Emulator, type EmulatorOptions, startEmulator } from '@/emulators';
import type { MemberContext } from '@/lib/tenancy';
import { holdTestKey } from '@/lib/vault/testing';
import { replaceCredential } from '../credentials';
import { transition } from '../states';
import { testWay } from './provider';

export { testWay } from './provider';

/**
 * A stand-in for Google and a vault key for this test file. Call it before `testDatabase()`: the
 * environment is read once.
 */
export function testGoogle(options: EmulatorOptions = {}): Emulator {
  let emulator: Emulator | undefined;
  beforeAll(async () => {
    emulator = await startEmulator(options);
    process.env.GOOGLE_EMULATOR_URL = emulator.url;
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

/** Somebody at work in a tenant of their own. */
export async function testMember(
  database: TestDatabase,
  tenant?: TenantContext,
): Promise<MemberContext> {
  const { tenantId } = tenant ?? (await database.createTenant());
  const { userId, email } = await database.createMember({ tenantId }, { role: 'owner' });
  return memberContext(tenantId, userId, email);
}

function memberContext(
  tenantId: TenantContext['tenantId'],
  userId: UserId,
  email: string,
): MemberContext {
  return {
    tenantId,
    userId,
    email,
    role: 'owner',
    tenantName: 'Acme',
    actor: { type: 'member', id: userId, name: 'Ada Example' },
    requestId: `test-${newId()}`,
  };
}

/** Answers the provider's consent page as a person would; gives where it leads back to. */
export async function answerConsentPage(
  url: string,
  answer: { readonly email: string; readonly without?: string } | 'deny',
): Promise<URL> {
  const page = new URL(url);
  const form = new URLSearchParams(page.searchParams);
  if (answer === 'deny') form.set('deny', '1');
  else {
    form.set('email', answer.email);
    for (const scope of (form.get('scope') ?? '').split(' ')) {
      if (!answer.without || !scope.endsWith(answer.without)) form.append('granted', scope);
    }
  }
  const response = await fetch(new URL('/o/oauth2/v2/auth/callback', page), {
    method: 'POST',
    body: form,
    redirect: 'manual',
  });
  return new URL(response.headers.get('location') ?? 'missing:');
}

/** A working connection, without the consent flow of the product. */
export async function connect(
  context: MemberContext,
  email = 'olivia@northwind.example',
): Promise<ConnectionId> {
  const way = testWay();
  const oauth = way.oauth();
  const { codeVerifier, codeChallenge } = await oauth.createPkce();
  const redirectUri = 'http://localhost:3000/back';
  const scopes = way.scopes.map(({ scope }) => scope);
  const url = oauth.authorizationUrl({ state: 's', codeChallenge, redirectUri, scopes });
  const code = (await answerConsentPage(url, { email })).searchParams.get('code') ?? '';
  const tokens = await oauth.exchangeCode({ code, codeVerifier, redirectUri });
  const account = await oauth.account(tokens.accessToken);
  const id = newId<ConnectionId>();
  await withTenant(context, async (tx) => {
    await tx.insert(connections).values({
      tenantId: context.tenantId,
      id,
      provider: 'google',
      accountId: account.accountId,
      accountEmail: account.email,
      providerTenant: account.organizationId,
      scopes: [...tokens.scopes],
      createdBy: context.userId,
    });
    await replaceCredential(tx, context, id, tokens);
    await transition(tx, context, id, { type: 'consented' });
    await transition(tx, context, id, { type: 'verified' });
  });
  return id;
}
