import { countMail } from '@/lib/observability';
import type { Message } from './message';
import { configuredSend } from './transport';

/**
 * Hand over a mail that is no tenant's, such as one to staff: at once, and kept nowhere. The caller
 * says when it is tried again; with the same id it is the same mail to its receiver.
 * @throws what the transport throws
 */
export async function handOver(message: Message): Promise<void> {
  try {
    await configuredSend()(message);
    countMail('sent');
  } catch (error) {
    countMail('failed');
    throw error;
  }
}
