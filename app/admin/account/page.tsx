import type { Metadata } from 'next';
import {
  begin,
  confirm,
  renewCodes,
  showStandIn,
  switchOff,
} from '@/app/(site)/second-factor/actions';
import { FactorCard } from '@/components/second-factor';
import { PageHeader } from '@/components/ui';
import { staffPage } from '@/lib/access';
import { ownStandInCode } from '@/lib/auth';
import { factorState } from '@/lib/second-factor';

export const metadata: Metadata = { title: 'Your account' };

export default staffPage({ role: 'support' }, async ({ staff }) => {
  const [state, first] = await Promise.all([factorState(staff.userId), ownStandInCode()]);
  return (
    <>
      <PageHeader title="Your account" description={`${staff.name}, ${staff.email}`} />
      <div className="max-w-2xl">
        <FactorCard
          state={state}
          enrolment={null}
          required
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
