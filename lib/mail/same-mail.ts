import { createHash } from 'node:crypto';
import type { MailId } from '@/db';

/**
 * The id of a mail about something: however often it is tried, the same mail to its reader.
 * @param subject id of what is told of; its time is the mail's
 * @param about what else makes it this mail: what is told, and the reader
 */
export function sameMail(subject: string, ...about: readonly string[]): MailId {
  const rest = createHash('sha256')
    .update([subject, ...about].join(' '))
    .digest('hex');
  return `${subject.slice(0, 14)}7${rest.slice(0, 3)}-8${rest.slice(3, 6)}-${rest.slice(6, 18)}` as MailId;
}
