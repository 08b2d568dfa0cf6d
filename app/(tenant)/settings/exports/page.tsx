import type { Metadata } from 'next';
import { ExportList } from '@/components/exports/export-list';
import { TenantExportForm } from '@/components/exports/tenant-export-form';
import { SettingsTabs } from '@/components/settings/settings-tabs';
import { Card, CardBody, CardHeader, PageHeader } from '@/components/ui';
import { tenantPage } from '@/lib/access';
import { listExports } from '@/lib/exports';
import { hasFactor } from '@/lib/second-factor';
import { can } from '@/lib/tenancy';
import { askForEverything, cancel } from './actions';

export const metadata: Metadata = { title: 'Exports' };

export default tenantPage({ permission: 'audit:export' }, async ({ context }) => {
  const owns = can(context.role, 'tenant:manage');
  const [rows, asksCode] = await Promise.all([
    listExports(context),
    owns ? hasFactor(context.userId) : false,
  ]);
  return (
    <>
      <PageHeader
        title="Exports"
        description="Files of what your organisation has here, made in the background. Each can be downloaded for a day."
      />
      <SettingsTabs role={context.role} />
      <div className="flex max-w-3xl flex-col gap-6">
        {owns && (
          <Card aria-labelledby="everything">
            <CardHeader
              id="everything"
              title="Everything"
              description="All records of the organisation and the sealed audit record, in one archive that is encrypted to a passphrase of yours (age). Credentials are never part of it."
            />
            <CardBody>
              <TenantExportForm asksCode={asksCode} onAsk={askForEverything} />
            </CardBody>
          </Card>
        )}
        <section aria-labelledby="made" className="flex flex-col gap-3">
          <h2 id="made" className="font-semibold text-lg">
            Made lately
          </h2>
          <ExportList first={rows} onCancel={cancel} />
        </section>
      </div>
    </>
  );
});
