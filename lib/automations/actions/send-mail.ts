import { defineAction } from './action';
import { stableId } from './stable-id';

interface Input {
  readonly to: string;
  readonly subject: string;
  /** Plain text. */
  readonly text: string;
  readonly html: string;
}

/** The same Message-ID for the same step of the same run, however often it is tried. */
export function messageIdOf(runId: string, stepKey: string, account: string): string {
  const domain = account.split('@').at(-1) || 'localhost';
  return `<${stableId(runId, stepKey)}@${domain}>`;
}

/** Send one mail from the connection's account. A lost answer is looked up before another try. */
export const sendMail = defineAction({
  key: 'mail.send',
  needs: ['mail.send'],
  changes: true,
  async run({ run, stepKey, change }, { to, subject, text, html }: Input) {
    const messageId = messageIdOf(run.runId, stepKey, run.account.email);
    await change({
      action: 'mail.send',
      would: { target: to, title: `Mail to ${to}`, before: null, after: `Sent: ${subject}` },
      attempt: async (client) => {
        const sent = await client.mail.send({ to: [to], subject, text, html, messageId });
        return { reference: sent.id, outcome: { messageId } };
      },
      reconcile: async (client) => {
        const sent = await client.mail.findSentByMessageId(messageId);
        return sent
          ? { was: 'done', result: { reference: sent.id, outcome: { messageId } } }
          : { was: 'not_done' };
      },
    });
    return { to, subject, messageId };
  },
});
