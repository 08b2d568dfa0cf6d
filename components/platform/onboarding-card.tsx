import { Card, CardHeader, Checklist } from '@/components/ui';
import type { Onboarding } from '@/lib/platform/contract';
import { InviteOwner, type InviteOwnerProps } from './invite-owner';

interface OnboardingCardProps {
  tenantId: string;
  onboarding: Onboarding;
  /** Whether the one who looks may invite. */
  onInvite: InviteOwnerProps['onInvite'] | null;
}

/** How far a customer is on the way in; gone once the first run has done something. */
export function OnboardingCard({ tenantId, onboarding, onInvite }: OnboardingCardProps) {
  if (onboarding.ran !== null) return null;
  const invite = onInvite && <InviteOwner tenantId={tenantId} onInvite={onInvite} />;
  return (
    <Card aria-labelledby="onboarding" className="mt-6">
      <CardHeader id="onboarding" title="On the way in" />
      <Checklist
        label="On the way in"
        steps={[
          {
            title: 'Owner invited',
            description: 'Somebody gets a mail with a link to become its first owner.',
            done: onboarding.invited !== null,
            action: invite,
          },
          {
            title: 'Owner joined',
            description:
              'They open the link and choose how to sign in. Sent again, the link is new.',
            done: onboarding.joined !== null,
            action: invite,
          },
          {
            title: 'Provider connected',
            description: 'They give consent at Google, Microsoft or Slack.',
            done: onboarding.connected !== null,
          },
          {
            title: 'Discovery done',
            description: 'What the connection reaches was looked through once.',
            done: onboarding.discovered !== null,
          },
          {
            title: 'First run',
            description: 'An automation of theirs has done something.',
            done: false,
          },
        ]}
      />
    </Card>
  );
}
