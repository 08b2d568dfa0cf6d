import type { Metadata } from 'next';
import {
  begin,
  confirm,
  renewCodes,
  showStandIn,
  switchOff,
} from '@/app/(site)/second-factor/actions';
import { FactorCard } from '@/components/second-factor';
import { Card, CardBody, CardHeader, KeyValue, PageHeader } from '@/components/ui';
import { tenantPage } from '@/lib/access';
import { ownStandInCode } from '@/lib/auth';
import { factorState, openEnrolment } from '@/lib/second-factor';

export const metadata: Metadata = { title: 'Your account' };

export default tenantPage({ permission: 'account:own' }, async ({ context }) => {
  const { userId, email, actor } = context;
  const [state, enrolment, first] = await Promise.all([
    factorState(userId),
    openEnrolment({ userId, email }),
    ownStandInCode(),
  ]);
  return (
    <>
      <PageHeader title="Your account" description="Yours alone, in whichever organisation." />
      <div className="flex max-w-2xl flex-col gap-6">
        <Card aria-labelledby="person">
          <CardHeader id="person" title="You" description="How the others see you." />
          <CardBody>
            <KeyValue
              items={[
                { label: 'Name', value: actor.name },
                { label: 'Email', value: email },
              ]}
            />
          </CardBody>
        </Card>
        <FactorCard
          state={state}
          enrolment={enrolment}
          required={false}
          demo={first && { first, onShow: showStandIn }}
          onBegin={begin}
          onConfirm={confirm}
          onSwitchOff={switchOff}
          onRenewCodes={renewCodes}
        />
      </div>
    </>
  );
});
