import type { Metadata } from 'next';
import { showStandIn } from '@/app/(site)/second-factor/actions';
import { DeletionForm } from '@/components/lifecycle/deletion-form';
import { RetentionCard } from '@/components/lifecycle/retention-card';
import { UndoButton } from '@/components/lifecycle/undo-button';
import { SettingsTabs } from '@/components/settings/settings-tabs';
import { Card, CardBody, CardHeader, DateTime, KeyValue, PageHeader } from '@/components/ui';
import { tenantPage } from '@/lib/access';
import { ownStandInCode } from '@/lib/auth';
import { env } from '@/lib/env';
import { pendingDeletion, retentionOf } from '@/lib/lifecycle';
import { hasFactor } from '@/lib/second-factor';
import { ask, undo } from './actions';

export const metadata: Metadata = { title: 'Retention and deletion' };

export default tenantPage({ permission: 'tenant:manage' }, async ({ context }) => {
  const [deletion, rows, factor, first] = await Promise.all([
    pendingDeletion(context),
    retentionOf(context),
    hasFactor(context.userId),
    ownStandInCode(),
  ]);
  return (
    <>
      <PageHeader
        title="Retention and deletion"
        description="How long things are kept, and the end of the organisation."
      />
      <SettingsTabs role={context.role} />
      <div className="flex max-w-3xl flex-col gap-6">
        <RetentionCard rows={rows} />
        {deletion ? (
          <Card aria-labelledby="delete">
            <CardHeader
              id="delete"
              title="The deletion was asked for"
              description="Any owner can undo it until its time of grace is over."
            />
            <CardBody className="flex flex-col items-start gap-5">
              <KeyValue
                columns={2}
                items={[
                  { label: 'Asked for by', value: deletion.askedName },
                  {
                    label: 'Asked for (UTC)',
                    value: <DateTime value={deletion.askedAt} format="absolute" timeZone="UTC" />,
                  },
                  {
                    label: 'Begins (UTC)',
                    value: (
                      <DateTime value={deletion.graceUntil} format="absolute" timeZone="UTC" />
                    ),
                  },
                ]}
              />
              <UndoButton onUndo={undo} />
            </CardBody>
          </Card>
        ) : (
          <DeletionForm
            organisation={context.tenantName}
            graceDays={env.DELETION_GRACE_DAYS}
            hasFactor={factor}
            demo={first && { first, onShow: showStandIn }}
            onAsk={ask}
          />
        )}
      </div>
    </>
  );
});
