'use client';
import { CircleStop } from 'lucide-react';
import { Button, ConfirmDialog } from '@/components/ui';
import type { CampaignRow } from '@/lib/campaigns/contract';
import type { ActionResult } from '@/lib/errors/contract';

interface StopButtonProps {
  campaign: CampaignRow;
  onStop: (input: { campaignId: string }) => Promise<ActionResult<unknown>>;
}

/** Ends a campaign before its day. */
export function StopButton({ campaign, onStop }: StopButtonProps) {
  return (
    <ConfirmDialog
      title="Stop this campaign?"
      description="It cannot be taken up again; a new one can be started."
      consequences={[
        'No more mails and reminders go out.',
        'Links that went out lead nowhere within a minute or two.',
        'What was connected again stays connected.',
      ]}
      confirmLabel="Stop"
      trigger={
        <Button variant="danger" icon={<CircleStop />}>
          Stop
        </Button>
      }
      onConfirm={() => onStop({ campaignId: campaign.id })}
    />
  );
}
