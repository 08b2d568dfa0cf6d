import type { Metadata } from 'next';
import { OutboxList } from '@/components/platform/outbox-list';
import { PageHeader } from '@/components/ui';
import { staffPage } from '@/lib/access';
import { browseOutbox } from '@/lib/platform';

export const metadata: Metadata = { title: 'Outbox' };

export default staffPage({ role: 'support' }, async ({ staff }) => (
  <>
    <PageHeader
      title="Outbox"
      description="No mail server is set up, so mail is kept here instead of being sent."
    />
    <OutboxList mails={await browseOutbox(staff)} />
  </>
));
