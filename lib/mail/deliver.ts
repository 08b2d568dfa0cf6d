import { and, eq, type MailId, type TenantContext, withTenant } from '@/db';
import { mails } from '@/db/schema';
import { countMail, redactText } from '@/lib/observability';
import { open } from '@/lib/vault';
import { mailBinding } from './queue';
import { configuredSend, type Send } from './transport';

export type Delivery = 'sent' | 'already_sent' | 'gone';

/**
 * Deliver a queued mail. The row is locked while it is handed over, so that two workers never send
 * the same mail side by side, and a mail that is marked as sent is not sent again. What is left: a
 * process that dies after the handing over and before the mark sends it once more, with the same
 * Message-ID.
 * @throws what the transport throws, after noting it at the mail
 */
export async function deliver(
  context: TenantContext,
  id: MailId,
  send: Send = configuredSend(),
): Promise<Delivery> {
  const itself = and(eq(mails.tenantId, context.tenantId), eq(mails.id, id));
  try {
    return await withTenant(context, async (tx) => {
      const [mail] = await tx.select().from(mails).where(itself).for('update');
      if (!mail) return 'gone';
      if (mail.sentAt) return 'already_sent';
      const text = await open(tx, context, mailBinding(id), mail.sealedBody);
      await send({ id, to: mail.recipient, subject: mail.subject, text });
      await tx.update(mails).set({ sentAt: new Date(), error: null }).where(itself);
      countMail('sent');
      return 'sent';
    });
  } catch (error) {
    countMail('failed');
    const reason = redactText(error instanceof Error ? error.message : String(error));
    await withTenant(context, (tx) =>
      tx
        .update(mails)
        .set({ error: reason.slice(0, 500) })
        .where(itself),
    );
    throw error;
  }
}
