import type { StaffContext } from '@/lib/access';
import { found, notFound } from '@/lib/errors';
import {
  listOutbox,
  type OpenedMail,
  type OutboxMail,
  readOutboxMail,
  showsOutbox,
} from '@/lib/mail';
import { lookAsStaff } from './look';

/** With a mail server set up, or in production, there is no outbox to look into. */
function requireOutbox(): void {
  if (!showsOutbox()) throw notFound();
}

/**
 * The newest mails that were kept instead of being sent.
 * @throws PublicError `not_found` when mail is really sent
 */
export async function browseOutbox(staff: StaffContext): Promise<readonly OutboxMail[]> {
  requireOutbox();
  return lookAsStaff(staff, { action: 'outbox.opened' }, () => listOutbox());
}

/**
 * One kept mail, with its text and what is attached.
 * @throws PublicError `not_found`
 */
export async function openOutboxMail(staff: StaffContext, id: string): Promise<OpenedMail> {
  requireOutbox();
  const look = { action: 'outbox.opened', filter: { mail: id } } as const;
  return found(await lookAsStaff(staff, look, () => readOutboxMail(id)));
}
