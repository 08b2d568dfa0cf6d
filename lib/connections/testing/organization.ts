import { type ConnectionId, newId, withTenant } from '@/db';
import { connections } from '@/db/schema';
import { serviceAccountKey } from '@/emulators/testing/google';
import { findWay, type ProviderWay, type ServiceAccountConsent } from '@/lib/providers';
import type { MemberContext } from '@/lib/tenancy';
import { replaceCredential } from '../credentials';
import { transition } from '../states';

export function organizationWay(): ProviderWay & {
  readonly serviceAccount: () => ServiceAccountConsent;
} {
  const way = findWay('google', 'application');
  if (!way?.serviceAccount) throw new Error('Google has no service accounts');
  return { ...way, serviceAccount: way.serviceAccount };
}

/** A working connection of a whole organisation, by its service account; no flow of the product. */
export async function connectOrganization(
  context: MemberContext,
  emulator: { readonly url: string },
  administrator = 'olivia@northwind.example',
): Promise<ConnectionId> {
  const key = await serviceAccountKey(emulator, administrator.split('@')[1] ?? '');
  const verified = await organizationWay().serviceAccount().verify(key, administrator);
  const { account, tokens, grant } = verified;
  const id = newId<ConnectionId>();
  await withTenant(context, async (tx) => {
    await tx.insert(connections).values({
      tenantId: context.tenantId,
      id,
      provider: 'google',
      authority: 'application',
      accountId: account.accountId,
      accountEmail: null,
      providerTenant: account.organizationId,
      organizationName: account.name,
      scopes: [...tokens.scopes],
      createdBy: context.userId,
    });
    await replaceCredential(tx, context, id, tokens, grant);
    await transition(tx, context, id, { type: 'consented' });
    await transition(tx, context, id, { type: 'verified' });
  });
  return id;
}
