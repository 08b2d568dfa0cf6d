import { format } from 'date-fns';
import { env } from '@/lib/env';
import { type Authority, type ProviderKey, providerNames } from '@/lib/providers';
import { nameOf } from './contract';

type Named = Parameters<typeof nameOf>[0] & {
  readonly id: string;
  readonly authority: Authority;
  readonly accountId: string | null;
};

interface LinkLetter {
  readonly asker: string;
  readonly tenantName: string;
  readonly connection: Named;
  readonly message: string | null;
  readonly expiresAt: Date;
  readonly url: string;
}

const whole = (provider: ProviderKey) => `${providerNames[provider]} for your whole organisation`;

/** What is asked for, in a few words. */
function subjectOf({ connection }: LinkLetter): string {
  const { provider, authority, accountId } = connection;
  if (accountId !== null) return `renew the access to ${nameOf(connection)}`;
  return authority === 'application'
    ? `connect ${whole(provider)}`
    : `connect ${providerNames[provider]}`;
}

/** The letter that carries a link. */
export function linkMail(letter: LinkLetter) {
  const { asker, tenantName, message, expiresAt, url } = letter;
  const what = subjectOf(letter);
  return {
    subject: `${asker} asks you to ${what}`,
    text: [
      'Hello,',
      '',
      `${asker} of ${tenantName} asks you to ${what}, so that Tenantry can work with it for them.`,
      'You can do this because you administer it, or because it is your account. You need no account at Tenantry.',
      ...(message
        ? ['', `${asker} writes:`, '', ...message.split('\n').map((line) => `> ${line}`)]
        : []),
      '',
      'What exactly is asked for, why, and the way to allow it:',
      url,
      '',
      `The link is for you only and works once, until ${format(expiresAt, 'd MMMM yyyy')}.`,
      'If you did not expect this, leave it: nothing happens until you allow it.',
    ].join('\n'),
  };
}

interface ResultLetter {
  readonly forEmail: string;
  readonly connection: Named;
  /** Why it came to nothing; null when it worked. */
  readonly refusal: string | null;
}

/** Tells who asked what came of it. */
export function resultMail({ forEmail, connection, refusal }: ResultLetter) {
  const name = nameOf(connection);
  return {
    subject: refusal === null ? `${name} is connected` : `${name} was not connected`,
    text: [
      'Hello,',
      '',
      refusal === null
        ? `The link that you made for ${forEmail} was used: ${name} is connected, and its automations go on.`
        : `The link that you made for ${forEmail} was opened, but consent was not given: ${refusal}`,
      ...(refusal === null
        ? []
        : ['', 'The link still works until it expires, so it can be tried again.']),
      '',
      `${env.APP_URL}/connections/${connection.id}`,
    ].join('\n'),
  };
}
