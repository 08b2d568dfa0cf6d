import type { ProviderKey } from '@/lib/providers/contract';

/** What messages are looked for. */
export interface MailQuery {
  /** Words that stand in the message. */
  readonly words?: string;
  readonly inInbox?: boolean;
  readonly hasAttachment?: boolean;
  /** Received at least so many days ago. */
  readonly olderThanDays?: number;
  /** Received at most so many days ago. */
  readonly newerThanDays?: number;
}

const dayBefore = (now: Date, days: number) =>
  new Date(+now - days * 86_400_000).toISOString().slice(0, 10);

function gmail({ words, inInbox, hasAttachment, olderThanDays, newerThanDays }: MailQuery): string {
  return [
    inInbox && 'in:inbox',
    hasAttachment && 'has:attachment',
    olderThanDays !== undefined && `older_than:${olderThanDays}d`,
    newerThanDays !== undefined && `newer_than:${newerThanDays}d`,
    words,
  ]
    .filter(Boolean)
    .join(' ');
}

/** Folders are no part of it: whoever looks at the messages sees which lie in the inbox. */
function outlook({ words, hasAttachment, olderThanDays, newerThanDays }: MailQuery, now: Date) {
  return [
    hasAttachment && 'hasAttachments:true',
    olderThanDays !== undefined && `received<=${dayBefore(now, olderThanDays)}`,
    newerThanDays !== undefined && `received>=${dayBefore(now, newerThanDays)}`,
    // Otherwise one of the words would do without all the rest.
    words && (/\bOR\b/.test(words) ? `(${words})` : words),
  ]
    .filter(Boolean)
    .join(' AND ');
}

/**
 * The query in the provider's own language: Gmail's operators
 * (https://support.google.com/mail/answer/7190), or Outlook's KQL
 * (https://learn.microsoft.com/graph/search-query-parameter).
 */
export function mailQuery(provider: ProviderKey, query: MailQuery, now: Date): string {
  return provider === 'microsoft' ? outlook(query, now) : gmail(query);
}
