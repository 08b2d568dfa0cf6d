import { mkdir, open, readdir, readFile, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { env } from '@/lib/env';

/** A mail that was written to a file instead of being sent. */
export interface OutboxMail {
  readonly id: string;
  readonly to: string;
  readonly subject: string;
  readonly sentAt: Date;
}

/** One of them, opened. */
export interface OpenedMail extends OutboxMail {
  readonly text: string;
  /** What is attached, as text: nothing else is sent. */
  readonly attachments: readonly { readonly filename: string; readonly content: string }[];
}

/** So many of the newest are listed. */
const listed = 200;
/** Ids are UUIDs; anything else could lead out of the folder. */
const fileName = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.eml$/;

/**
 * Whether staff may look into the local outbox, where mail is kept without a mail server. Never in
 * production: an invitation's link lets its reader in.
 */
export const showsOutbox = (): boolean => !env.SMTP_URL && env.TENANTRY_MODE === 'demo';

const outboxDir = () => join(env.DATA_DIR, 'outbox');
const fileOf = (id: string) => join(outboxDir(), `${id}.eml`);

/** Put a mail into the outbox. Writing it again replaces it: there is one file to one mail. */
export async function writeToOutbox(id: string, eml: Buffer): Promise<void> {
  await mkdir(outboxDir(), { recursive: true, mode: 0o700 });
  const staging = `${fileOf(id)}.new`;
  const file = await open(/* turbopackIgnore: true */ staging, 'w', 0o600);
  try {
    await file.writeFile(eml);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(staging, fileOf(id));
}

async function parse(
  id: string,
): Promise<Pick<OpenedMail, 'text' | 'attachments'> & { mail: OutboxMail }> {
  const { to, subject, date, text, attachments } = await PostalMime.parse(
    await readFile(/* turbopackIgnore: true */ fileOf(id)),
    { attachmentEncoding: 'utf8' },
  );
  return {
    mail: {
      id,
      to: to?.map(({ address }) => address).join(', ') ?? '',
      subject: subject ?? '',
      sentAt: new Date(date ?? 0),
    },
    text: text?.trimEnd() ?? '',
    attachments: attachments.map(({ filename, content }) => ({
      filename: filename ?? 'Without a name',
      content: typeof content === 'string' ? content : '',
    })),
  };
}

/** The newest mails of the local outbox, newest first. */
export async function listOutbox(): Promise<readonly OutboxMail[]> {
  const names = await readdir(/* turbopackIgnore: true */ outboxDir()).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    },
  );
  const ids = names.flatMap((name) => fileName.exec(name)?.[1] ?? []);
  // The ids are of UUID version 7: they sort by time, of what the mail is about where it took its id.
  const newest = ids.sort().reverse().slice(0, listed);
  const mails = (await Promise.all(newest.map(parse))).map(({ mail }) => mail);
  return mails.sort((one, other) => other.sentAt.getTime() - one.sentAt.getTime());
}

/** One mail of the local outbox, as its receiver gets it; null when there is none of that id. */
export async function readOutboxMail(id: string): Promise<OpenedMail | null> {
  if (!fileName.test(`${id}.eml`)) return null;
  try {
    const { mail, ...opened } = await parse(id);
    return { ...mail, ...opened };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Delete these mails from the local outbox. @returns how many were there */
export async function forgetOutboxMails(ids: readonly string[]): Promise<number> {
  const gone = await Promise.all(
    ids
      .filter((id) => fileName.test(`${id}.eml`))
      .map(async (id) => {
        try {
          await unlink(/* turbopackIgnore: true */ fileOf(id));
          return 1;
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
          throw error;
        }
      }),
  );
  return gone.reduce<number>((sum, one) => sum + one, 0);
}
