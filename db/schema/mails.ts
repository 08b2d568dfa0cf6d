import { index, text } from 'drizzle-orm/pg-core';
import { instant, tenantTable } from './table';

export const mails = tenantTable()(
  'mails',
  {
    recipient: text('recipient').notNull(),
    subject: text('subject').notNull(),
    /** The message's text, sealed under the tenant's key: an invitation's link is a secret. */
    sealedBody: text('sealed_body').notNull(),
    sentAt: instant('sent_at'),
    error: text('error'),
  },
  {},
  (table) => [index('mails_list').on(table.tenantId, table.createdAt)],
);
