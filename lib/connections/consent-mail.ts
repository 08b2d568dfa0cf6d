import { format } from 'date-fns';
import type { ConsentPurpose } from '@/db/schema';
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
  readonly purpose: ConsentPurpose;
  readonly message: string | null;
  readonly expiresAt: Date;
  readonly url: string;
}

const whole = (provider: ProviderKey) => `${providerNames[provider]} for your whole organisation`;

/** What is asked for, in a few words. */
function subjectOf({ connection, purpose }: LinkLetter): string {
  const { provider, authority, accountId } = connection;
  if (purpose === 'allowance') return `allow Tenantry in ${providerNames[provider]}`;
  if (accountId !== null) return `renew the access to ${nameOf(connection)}`;
  return authority === 'application'
    ? `connect ${whole(provider)}`
    : `connect ${providerNames[provider]}`;
}

/** The letter that carries a link. */
export function linkMail(letter: LinkLetter) {
  const { asker, tenantName, message, expiresAt, url, purpose } = letter;
  const what = subjectOf(letter);
  const allowance = purpose === 'allowance';
  return {
    subject: `${asker} asks you to ${what}`,
    text: [
      'Hello,',
      '',
      `${asker} of ${tenantName} asks you to ${what}, so that ${allowance ? 'they can connect their own account' : 'Tenantry can work with it for them'}.`,
      `You can do this because you administer it${allowance ? '' : ', or because it is your account'}. You need no account at Tenantry.`,
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

/** Tells who asked that an administrator lets people connect, and what to do now. */
export function allowedMail(forEmail: string, connection: Named) {
  const provider = providerNames[connection.provider];
  return {
    subject: `Tenantry is allowed in ${provider}: connect your account now`,
    text: [
      'Hello,',
      '',
      `The link that you made for ${forEmail} was used: as ${provider} says, an administrator lets people connect their own accounts. Nothing is connected by that yet. Open the connection and give consent for the account:`,
      '',
      `${env.APP_URL}/connections/${connection.id}`,
    ].join('\n'),
  };
}

/** What came of a link that was opened, and why it is not what was asked for. */
export type LinkResult = { readonly outcome: 'connected' } | FailedResult;
export interface FailedResult {
  readonly outcome: 'partly' | 'refused';
  readonly reason: string;
}

interface ResultLetter {
  readonly forEmail: string;
  readonly connection: Named;
  readonly result: LinkResult;
}

const resultWords: Readonly<
  Record<LinkResult['outcome'], { readonly subject: string; readonly text: string }>
> = {
  connected: { subject: 'is connected', text: 'used' },
  partly: { subject: 'was not given all that is needed', text: 'used, but not for all of it' },
  refused: { subject: 'was not connected', text: 'opened, but consent was not given' },
};

/** Tells who asked what came of it. */
export function resultMail({ forEmail, connection, result }: ResultLetter) {
  const name = nameOf(connection);
  const { subject, text } = resultWords[result.outcome];
  const said =
    result.outcome === 'connected'
      ? [`${name} is connected, and its automations go on.`]
      : [result.reason, '', 'The link still works until it expires, so it can be tried again.'];
  const [first, ...more] = said;
  return {
    subject: `${name} ${subject}`,
    text: [
      'Hello,',
      '',
      `The link that you made for ${forEmail} was ${text}: ${first}`,
      ...more,
      '',
      `${env.APP_URL}/connections/${connection.id}`,
    ].join('\n'),
  };
}
