import type { Metadata } from 'next';
import { RenameForm } from '@/components/members/rename-form';
import { SettingsTabs } from '@/components/settings/settings-tabs';
import { Card, CardBody, CardHeader, KeyValue, PageHeader } from '@/components/ui';
import { tenantPage } from '@/lib/access';
import { renameOrganisation } from './actions';

export const metadata: Metadata = { title: 'Settings' };

export default tenantPage({ permission: 'tenant:manage' }, async ({ context }) => (
  <>
    <PageHeader title="Settings" description="The organisation itself. Only owners are here." />
    <SettingsTabs role={context.role} />
    <div className="flex max-w-2xl flex-col gap-6">
      <Card aria-labelledby="name">
        <CardHeader
          id="name"
          title="Name"
          description="Members see it everywhere; people who are invited see it first."
        />
        <CardBody>
          <RenameForm name={context.tenantName} onRename={renameOrganisation} />
        </CardBody>
      </Card>
      <Card aria-labelledby="identity">
        <CardHeader
          id="identity"
          title="Identity"
          description="What our support asks for. It stays the same when the name changes."
        />
        <CardBody>
          <KeyValue
            items={[{ label: 'Organisation id', value: context.tenantId, copy: context.tenantId }]}
          />
        </CardBody>
      </Card>
    </div>
  </>
));
