import { and, eq, newId, type TenantContext, withIdentity, withTenant } from '@/db';
import { mails } from '@/db/schema';
import { canaryOf, keyRing, keyStore, open, seal } from '@/lib/vault';

/** What a first start notes: which key wraps. */
export async function beginVault(): Promise<void> {
  const { wanted } = keyRing();
  const state = { keyEncryptionKeyId: wanted.id, canary: await canaryOf(wanted) };
  await withIdentity((tx) => keyStore().setState(tx, { ...state, rotationSince: null }));
}

const binding = (id: string) => ({ kind: 'mail', subjectId: id, generation: 1 }) as const;

/** Seal so many texts of an organisation, each naming itself, where the product keeps such. */
export async function sealTexts(tenant: TenantContext, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => newId<never>() as string);
  await withTenant(tenant, async (tx) => {
    for (const id of ids) {
      await tx.insert(mails).values({
        tenantId: tenant.tenantId,
        id,
        recipient: 'a@example.com',
        subject: 's',
        sealedBody: await seal(tx, tenant, binding(id), `text of ${id}`),
      });
    }
  });
  return ids;
}

/** Open one of them, as a call does. */
export async function openText(tenant: TenantContext, id: string): Promise<string> {
  return withTenant(tenant, async (tx) => {
    const [row] = await tx
      .select({ sealed: mails.sealedBody })
      .from(mails)
      .where(and(eq(mails.tenantId, tenant.tenantId), eq(mails.id, id)));
    return open(tx, tenant, binding(id), row?.sealed ?? '');
  });
}

/** Replace one, as a refresh does. */
export async function sealAgain(tenant: TenantContext, id: string): Promise<void> {
  await withTenant(tenant, async (tx) => {
    const sealedBody = await seal(tx, tenant, binding(id), `text of ${id}`);
    await tx
      .update(mails)
      .set({ sealedBody })
      .where(and(eq(mails.tenantId, tenant.tenantId), eq(mails.id, id)));
  });
}
