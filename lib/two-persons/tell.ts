import { createHash } from 'node:crypto';
import { type ApprovalId, asc, eq, isNull, type MailId, type UserId, withPlatform } from '@/db';
import { approvals, staff, users } from '@/db/schema';
import { type Approval, approvalWords, mayDecide } from '@/lib/approvals';
import { env } from '@/lib/env';
import { inngest } from '@/lib/jobs';
import { handOver } from '@/lib/mail';
import { logger } from '@/lib/observability';

/** Approvals told at one go. */
const batch = 50;

interface Reader {
  readonly userId: UserId;
  readonly email: string;
  readonly role: 'support' | 'platform_admin';
}

/** The same for the same approval and reader, however often it is tried: receivers see a repetition. */
function mailId(approval: ApprovalId, reader: UserId): MailId {
  const rest = createHash('sha256').update(`${approval} ${reader}`).digest('hex');
  const tail = `7${rest.slice(0, 3)}-8${rest.slice(3, 6)}-${rest.slice(6, 18)}`;
  return `${approval.slice(0, 13)}-${tail}` as MailId;
}

function readersOf({ kind, askedBy, subject }: Approval, everybody: readonly Reader[]) {
  return everybody.filter(
    ({ userId, role }) =>
      userId !== askedBy &&
      mayDecide(role, kind) &&
      !(kind === 'staff.change' && subject.userId === userId),
  );
}

const onOneLine = (text: string) => text.replace(/[\p{C}\p{Z}\s]+/gu, ' ').trim();

async function write(approval: Approval, asker: string, reader: Reader): Promise<void> {
  const { id, kind, subject, reason, expiresAt } = approval;
  await handOver({
    id: mailId(id, reader.userId),
    to: reader.email,
    subject: `[Tenantry] ${onOneLine(asker)} asks for a second person`,
    text: [
      onOneLine(approvalWords(kind, subject)),
      `${onOneLine(asker)} asks for it, because: ${onOneLine(reason)}`,
      `Look at it and decide before ${expiresAt.toISOString()}:`,
      `${env.APP_URL}/admin/approvals/${id}`,
      'You get this because you are staff, and this takes two persons.',
    ].join('\n\n'),
  });
}

async function untold() {
  return withPlatform(async (tx) => {
    const rows = await tx
      .select({ approval: approvals, asker: users.name })
      .from(approvals)
      .innerJoin(users, eq(users.id, approvals.askedBy))
      .where(isNull(approvals.toldAt))
      .orderBy(asc(approvals.id))
      .limit(batch);
    const everybody = await tx
      .select({ userId: users.id, email: users.email, role: staff.role })
      .from(staff)
      .innerJoin(users, eq(users.id, staff.userId));
    return { rows, everybody };
  });
}

/** @returns whether it was handed over; what kept it is logged, and keeps nobody else's back */
async function reaches(approval: Approval, asker: string, reader: Reader): Promise<boolean> {
  try {
    await write(approval, asker, reader);
    return true;
  } catch (error) {
    const facts = { approvalId: approval.id, userId: reader.userId };
    logger.error({ err: error, ...facts }, 'A mail about an approval could not be handed over');
    return false;
  }
}

async function tellOne(approval: Approval, asker: string, everybody: readonly Reader[]) {
  const over = approval.decision !== null || approval.expiresAt.getTime() <= Date.now();
  const readers = over ? [] : readersOf(approval, everybody);
  let sent = 0;
  for (const reader of readers) if (await reaches(approval, asker, reader)) sent += 1;
  // Tried again while nobody at all was reached: then nobody is written to twice.
  if (readers.length > 0 && sent === 0) return 0;
  await withPlatform((tx) =>
    tx.update(approvals).set({ toldAt: new Date() }).where(eq(approvals.id, approval.id)),
  );
  return sent;
}

/**
 * Write to everybody who may decide on what was asked for since, once. Whoever's mail cannot be handed
 * over is left out; if that is everybody's, all are tried again at the next look, until it expires.
 * @returns how many mails went out
 */
export async function tellApprovers(): Promise<number> {
  const { rows, everybody } = await untold();
  let sent = 0;
  for (const { approval, asker } of rows) sent += await tellOne(approval, asker, everybody);
  return sent;
}

export const approvalsTold = inngest.createFunction(
  {
    id: 'approvals-told',
    name: 'Tell staff of what waits for a second person',
    triggers: [{ cron: '* * * * *' }],
    concurrency: { limit: 1 },
    retries: 1,
  },
  async ({ step }) => ({ mails: await step.run('tell', () => tellApprovers()) }),
);

/** What the background engine is given. */
export const approvalFunctions = [approvalsTold] as const;
