import type { MailId } from '@/db';

/** A mail that is ready to go out. */
export interface Message {
  readonly id: MailId;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly attachments?: readonly {
    readonly filename: string;
    readonly content: string;
    readonly contentType: string;
  }[];
}

/**
 * The same for every attempt at the same mail, so that receiving systems recognise a repetition
 * (RFC 5322, 3.6.4).
 * @param from the sender, of which the domain is taken
 */
export function messageId(id: MailId, from: string): string {
  const domain = /@([A-Za-z0-9.-]+)/.exec(from)?.[1] ?? 'tenantry.localhost';
  return `<${id}@${domain}>`;
}
