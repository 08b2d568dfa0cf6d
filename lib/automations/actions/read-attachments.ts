import { defineAction } from './action';
import { parseAddress } from './address';

/** What one sender has sent, over the messages looked at. */
export interface AttachmentSender {
  readonly address: string;
  readonly name: string;
  readonly messages: number;
  readonly files: number;
  readonly bytes: number;
  /** ISO 8601. */
  readonly lastAt: string;
  readonly lastFile: string;
}

/** Add up two accounts of the same sender. */
export function mergeSender(a: AttachmentSender, b: AttachmentSender): AttachmentSender {
  const newer = a.lastAt >= b.lastAt ? a : b;
  return {
    ...newer,
    messages: a.messages + b.messages,
    files: a.files + b.files,
    bytes: a.bytes + b.bytes,
  };
}

/** One entry per sender, largest first. */
export function mergeSenders(all: readonly AttachmentSender[]): readonly AttachmentSender[] {
  const bySender = new Map<string, AttachmentSender>();
  for (const one of all) {
    const known = bySender.get(one.address);
    bySender.set(one.address, known ? mergeSender(known, one) : one);
  }
  return [...bySender.values()].sort(
    (a, b) => b.bytes - a.bytes || a.address.localeCompare(b.address),
  );
}

/** Who sent the files in these messages. Names and sizes only: no file is opened. */
export const readAttachments = defineAction({
  key: 'mail.read_attachments',
  needs: ['mail.read'],
  changes: false,
  async run({ look }, { ids }: { readonly ids: readonly string[] }) {
    const { mail } = await look();
    const found: AttachmentSender[] = [];
    for (const id of ids) {
      const { from, receivedAt, attachments } = await mail.getMessage(id);
      const [first] = attachments;
      if (!first) continue;
      found.push({
        ...parseAddress(from),
        messages: 1,
        files: attachments.length,
        bytes: attachments.reduce((sum, file) => sum + file.size, 0),
        lastAt: receivedAt.toISOString(),
        lastFile: first.filename,
      });
    }
    return { looked: ids.length, senders: mergeSenders(found) };
  },
});
