import type { Metadata } from 'next';
import { SettingsTabs } from '@/components/settings/settings-tabs';
import { CreateStream } from '@/components/streams/create-stream';
import { StreamList } from '@/components/streams/stream-list';
import { PageHeader } from '@/components/ui';
import { tenantPage } from '@/lib/access';
import { listStreams } from '@/lib/streams';
import { create, pause, remove, resume, sendTest } from './actions';

export const metadata: Metadata = { title: 'Streams' };

const actions = { onPause: pause, onResume: resume, onTest: sendTest, onRemove: remove };

export default tenantPage({ permission: 'streams:manage' }, async ({ context }) => (
  <>
    <PageHeader
      title="Streams"
      description="Your audit events, sent where you keep your logs, in the order of the record."
      actions={<CreateStream onCreate={create} />}
    />
    <SettingsTabs role={context.role} />
    <div className="max-w-4xl">
      <StreamList first={await listStreams(context)} actions={actions} />
    </div>
  </>
));
