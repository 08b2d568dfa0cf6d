import { eq, type MailId, newId, type UserId, withIdentity } from '@/db';
import { users } from '@/db/schema';
import { env } from '@/lib/env';
import { handOver } from '@/lib/mail';
import { logger } from '@/lib/observability';

/** What became of a factor. */
export type FactorNews = 'switched_on' | 'switched_off' | 'reset';

const happened: Readonly<Record<FactorNews, { readonly subject: string; readonly text: string }>> =
  {
    switched_on: {
      subject: 'A second factor was switched on for your account',
      text: 'From now on signing in to Tenantry takes a code of an authenticator app. All other sessions of yours have ended.',
    },
    switched_off: {
      subject: 'The second factor of your account was switched off',
      text: 'Signing in to Tenantry takes no code of an authenticator app any more. All other sessions of yours have ended.',
    },
    reset: {
      subject: 'The second factor of your account was taken away',
      text: 'The people who run Tenantry took it away, as they do for somebody who has lost it. All your sessions have ended; set up another one when you have signed in.',
    },
  };

/** The mail to the person, with what to do when it was somebody else. */
export function factorMail(news: FactorNews): { readonly subject: string; readonly text: string } {
  const { subject, text } = happened[news];
  const address = env.SUPPORT_EMAIL;
  const help = address ? `write to ${address}` : 'answer this mail';
  const rest = [
    'If that was you, or you asked for it, there is nothing to do.',
    `If it was not you, somebody else may be in your account: ${help} at once, so that it is closed to them and given back to you. Change your password too if you use it elsewhere.`,
  ];
  return { subject, text: [text, ...rest].join('\n\n') };
}

/**
 * Write to a person what became of their factor: whoever has a session of theirs could have done it.
 * What was done stands when the mail is refused; that is logged.
 */
export async function tellFactor(userId: UserId, news: FactorNews): Promise<void> {
  try {
    const [person] = await withIdentity((tx) =>
      tx.select({ email: users.email }).from(users).where(eq(users.id, userId)),
    );
    if (!person) return;
    await handOver({ id: newId<MailId>(), to: person.email, ...factorMail(news) });
  } catch (error) {
    logger.error({ err: error, user_id: userId }, 'Nobody could be told of a second factor');
  }
}
