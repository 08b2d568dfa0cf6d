import { and, eq, inArray, type TenantTransaction } from '@/db';
import { type auditStreams, memberships, users } from '@/db/schema';
import { recordAudit } from '@/lib/audit';
import { env } from '@/lib/env';
import { queueMail } from '@/lib/mail';
import type { ActingContext } from '@/lib/tenancy';

type Stored = typeof auditStreams.$inferSelect;

const targetOf = ({ id, name }: Stored) => ({ type: 'stream', id, name });

async function mailOwners(
  tx: TenantTransaction,
  context: ActingContext,
  subject: string,
  text: string,
): Promise<void> {
  const people = await tx
    .select({ email: users.email })
    .from(memberships)
    .innerJoin(users, eq(users.id, memberships.userId))
    .where(
      and(
        eq(memberships.tenantId, context.tenantId),
        inArray(memberships.role, ['owner', 'admin']),
      ),
    );
  for (const { email } of people) await queueMail(tx, context, { to: email, subject, text });
}

const page = () => `${env.APP_URL}/settings/streams`;

/** Put on record that a stream fails, and tell whoever can mend it. */
export async function tellFailing(
  tx: TenantTransaction,
  context: ActingContext,
  stream: Stored,
  why: string,
): Promise<void> {
  await recordAudit(tx, context, {
    action: 'stream.failing',
    outcome: 'failure',
    target: targetOf(stream),
    details: { why, failures: stream.failures },
  });
  const text = `The audit events of your organisation do not arrive where they are streamed to.

Stream: ${stream.name}
What happens: ${why}

Nothing is lost: we go on trying, less and less often, and send everything in its order once it gets through. To mend it, pause it or send a test:
${page()}
`;
  await mailOwners(tx, context, `Audit events do not arrive: ${stream.name}`, text);
}

/** Put on record that it arrives again, and tell those who were told. */
export async function tellRecovered(
  tx: TenantTransaction,
  context: ActingContext,
  stream: Stored,
): Promise<void> {
  await recordAudit(tx, context, { action: 'stream.recovered', target: targetOf(stream) });
  const text = `The audit events of your organisation arrive again. Those that waited are being sent in their order.

Stream: ${stream.name}
${page()}
`;
  await mailOwners(tx, context, `Audit events arrive again: ${stream.name}`, text);
}
