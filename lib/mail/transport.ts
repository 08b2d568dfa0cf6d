import { createTransport } from 'nodemailer';
import { env } from '@/lib/env';
import { type Message, messageId } from './message';
import { writeToOutbox } from './outbox';

/** Hands a mail over; resolves once the next hop has taken responsibility for it. */
export type Send = (message: Message) => Promise<void>;

/** Milliseconds; below the minute after which the database ends an idle transaction. */
const limits = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 };

function envelope(message: Message) {
  return {
    from: env.MAIL_FROM,
    to: message.to,
    subject: message.subject,
    text: message.text,
    ...(message.attachments ? { attachments: [...message.attachments] } : {}),
    messageId: messageId(message.id, env.MAIL_FROM),
    // An answer by a holiday notice helps nobody (RFC 3834, 5).
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

const sendToOutbox: Send = async (message) => {
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
  const { message: eml } = await transport.sendMail(envelope(message));
  await writeToOutbox(message.id, eml as Buffer);
};

/** By SMTP, with one connection to one mail: mails are few. */
export function sendBySmtp(url: string): Send {
  return async (message) => {
    const transport = createTransport(url, limits);
    try {
      await transport.sendMail(envelope(message));
    } finally {
      transport.close();
    }
  };
}

/** By SMTP when `SMTP_URL` is set, else into the local outbox. */
export function configuredSend(): Send {
  return env.SMTP_URL ? sendBySmtp(env.SMTP_URL) : sendToOutbox;
}
