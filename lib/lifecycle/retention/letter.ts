import { env } from '@/lib/env';
import { inDays, type RetentionRow, retentionKinds } from '../contract';
import { dayWords } from '../grace';

/** What an owner is told when staff have changed how long things are kept. */
export interface RetentionNews {
  readonly tenantName: string;
  readonly suspended: boolean;
  /** Who changed it, and what they said. */
  readonly staffName: string;
  readonly reason: string;
  /** How things are kept now and soon. */
  readonly rows: readonly Pick<RetentionRow, 'kind' | 'days' | 'later'>[];
}

function line({ kind, days, later }: RetentionNews['rows'][number]): string {
  const soon = later.map(
    (one) => `from ${dayWords(new Date(one.from))} on for ${inDays(one.days)}`,
  );
  return `- ${retentionKinds[kind]}: ${[`now for ${inDays(days)}`, ...soon].join(', ')}`;
}

const support = () => (env.SUPPORT_EMAIL ? `Write to ${env.SUPPORT_EMAIL}` : 'Answer this mail');

/** What they can do until then: nobody gets into an organisation that is suspended. */
function wayOut({ tenantName, suspended }: RetentionNews): readonly string[] {
  if (suspended) {
    return [
      `${tenantName} is suspended, so that nobody can sign in. ${support()} before that day if this is not what you want, or if you want a copy of your data first.`,
    ];
  }
  return [
    `If you want a copy of it, make an export before that day: ${env.APP_URL}/settings/exports`,
    `${support()} before that day if this is not what you agreed to.`,
    `How long everything is kept: ${env.APP_URL}/settings/deletion`,
  ];
}

/**
 * The mail to an owner: what is kept for less time soon, and what to do about it; when nothing is,
 * since staff took it back, how long things are kept.
 */
export function retentionLetter(news: RetentionNews): {
  readonly subject: string;
  readonly text: string;
} {
  const { tenantName, staffName, reason, rows } = news;
  const who = `${staffName} of Tenantry support has changed how long things of ${tenantName} are kept. The reason: ${reason}`;
  const lessSoon = rows.filter(({ later }) => later.length > 0);
  const [first] = lessSoon.flatMap(({ later }) => later.map(({ from }) => from)).sort();
  if (first === undefined) {
    return {
      subject: `How long things of ${tenantName} are kept`,
      text: [
        who,
        `Nothing is to be kept for less time than now:\n${rows.map(line).join('\n')}`,
        `${support()} with any question.`,
      ].join('\n\n'),
    };
  }
  return {
    subject: `${tenantName}: older data is deleted from ${dayWords(new Date(first))}`,
    text: [
      who,
      `These are kept for less time soon:\n${lessSoon.map(line).join('\n')}`,
      'What is older then is deleted, by the next night, and nobody can bring it back. Until then nothing of it goes sooner than before. The audit record is never shortened.',
      ...wayOut(news),
    ].join('\n\n'),
  };
}
