import { FactorCard } from '@/components/second-factor';
import { ownStandInCode } from '@/lib/auth';
import { type Enrolment, factorState } from '@/lib/second-factor';
import { begin, confirm, renewCodes, showStandIn, switchOff } from './actions';

interface OwnFactorCardProps {
  userId: Parameters<typeof factorState>[0];
  /** The enrolment that is open, where one may begin here. */
  enrolment: Enrolment | null;
  /** Staff cannot do without one. */
  required: boolean;
}

/** The second factor of whoever looks, on the page of their account. */
export async function OwnFactorCard({ userId, enrolment, required }: OwnFactorCardProps) {
  const [state, first] = await Promise.all([factorState(userId), ownStandInCode()]);
  return (
    <FactorCard
      state={state}
      enrolment={enrolment}
      required={required}
      demo={first && { first, onShow: showStandIn }}
      onBegin={begin}
      onConfirm={confirm}
      onSwitchOff={switchOff}
      onRenewCodes={renewCodes}
    />
  );
}
