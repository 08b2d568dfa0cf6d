import { type MailId, newId, type TenantTransaction } from '@/db';
import { mails } from '@/db/schema';
import { enqueueJob } from '@/lib/jobs';
import type { ActingContext } from '@/lib/tenancy';
import { seal } from '@/lib/vault';

export const mailRequested = 'mail/requested';

/**
 * Ask for a mail in the transaction of what it tells: it goes out if and only if that commits.
 * The text is sealed under the tenant's key, since an invitation's link is a secret.
 * @returns the mail's id
 */
export async function queueMail(
  tx: TenantTransaction,
  context: ActingContext,
  mail: { readonly to: string; readonly subject: string; readonly text: string },
): Promise<MailId> {
  const id = newId<MailId>();
  const sealedBody = await seal(tx, context, mailBinding(id), mail.text);
  await tx.insert(mails).values({
    tenantId: context.tenantId,
    id,
    recipient: mail.to,
    subject: mail.subject,
    sealedBody,
  });
  await enqueueJob(tx, context, { kind: mailRequested, subjectId: id });
  return id;
}

/** What a mail's sealed text is bound to. */
export const mailBinding = (id: MailId) =>
  ({ kind: 'mail', subjectId: id, generation: 1 }) as const;
