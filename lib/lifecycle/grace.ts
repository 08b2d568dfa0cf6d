import { env } from '@/lib/env';

/** Days before the end of the grace at which owners are reminded. */
export const remindDays = 3;

/** When the grace of a deletion ends that is asked for now. */
export const graceUntil = (): Date => new Date(Date.now() + env.DELETION_GRACE_DAYS * 86_400_000);

/** A day as a mail says it. */
export const dayWords = (at: Date): string =>
  `${new Intl.DateTimeFormat('en-GB', {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: 'UTC',
  }).format(at)} UTC`;
