'use client';
import { Ellipsis, MailX, Send } from 'lucide-react';
import { useState, useTransition } from 'react';
import { toast } from 'sonner';
import {
  ConfirmDialog,
  Dialog,
  DropdownItem,
  DropdownMenu,
  IconButton,
  Spinner,
  sent,
} from '@/components/ui';
import type { InvitationSummary } from '@/lib/tenancy/contract';
import type { Invite, Invited, Withdraw } from './actions';
import { InvitationLink } from './invitation-link';

export interface InvitationMenuProps {
  invitation: InvitationSummary;
  onInvite: Invite;
  onWithdraw: Withdraw;
}

/** What can be done about one open invitation. */
export function InvitationMenu({ invitation, onInvite, onWithdraw }: InvitationMenuProps) {
  const { id, email, role } = invitation;
  const [withdrawing, setWithdrawing] = useState(false);
  const [invited, setInvited] = useState<Invited | null>(null);
  const [pending, startTransition] = useTransition();

  function sendAgain() {
    startTransition(async () => {
      const answer = await sent(() => onInvite({ email, role }));
      if (answer.ok) setInvited(answer.data);
      else toast.error(answer.error.message);
    });
  }

  return (
    <>
      <DropdownMenu
        trigger={
          <IconButton
            label={`Manage the invitation of ${email}`}
            size="sm"
            disabled={pending}
            icon={pending ? <Spinner /> : <Ellipsis />}
          />
        }
      >
        <DropdownItem icon={<Send />} onSelect={sendAgain}>
          Send anew
        </DropdownItem>
        <DropdownItem icon={<MailX />} danger onSelect={() => setWithdrawing(true)}>
          Withdraw
        </DropdownItem>
      </DropdownMenu>
      <ConfirmDialog
        open={withdrawing}
        onOpenChange={setWithdrawing}
        title={`Withdraw the invitation of ${email}?`}
        description="Its link stops working at once. You can invite them again."
        confirmLabel="Withdraw"
        onConfirm={() => onWithdraw({ invitationId: id })}
      />
      <Dialog
        open={invited !== null}
        onOpenChange={(open) => !open && setInvited(null)}
        title="Invitation sent anew"
        description="The earlier link has stopped working."
      >
        {invited && <InvitationLink invited={invited} onDone={() => setInvited(null)} />}
      </Dialog>
    </>
  );
}
