'use client';
import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import { Button, Dialog, Field, Form, Input, RadioGroup, SubmitButton } from '@/components/ui';
import type { MemberRole, WorkspaceRole } from '@/lib/tenancy/contract';
import type { Invite, Invited } from './actions';
import { InvitationLink } from './invitation-link';
import { roleOptions } from './role-options';

export interface InviteDialogProps {
  /** The inviter's own role: decides which they may give. */
  role: WorkspaceRole;
  onInvite: Invite;
}

/** Invites somebody by mail; afterwards shows the link once. */
export function InviteDialog({ role, onInvite }: InviteDialogProps) {
  const [open, setOpen] = useState(false);
  const [invited, setInvited] = useState<Invited | null>(null);

  function change(next: boolean) {
    setOpen(next);
    if (next) setInvited(null);
  }

  return (
    <Dialog
      open={open}
      onOpenChange={change}
      title={invited ? 'Invitation sent' : 'Invite a member'}
      description={invited ? undefined : 'They get a mail with a link that works for seven days.'}
      trigger={
        <Button variant="primary" icon={<UserPlus />}>
          Invite member
        </Button>
      }
    >
      {invited ? (
        <InvitationLink invited={invited} onDone={() => change(false)} />
      ) : (
        <Form<{ email: string; role: MemberRole }, Invited>
          action={onInvite}
          onSuccess={setInvited}
        >
          <Field
            label="Email"
            name="email"
            hint="An earlier invitation to the same address is replaced."
            required
          >
            <Input
              type="email"
              autoComplete="off"
              inputMode="email"
              placeholder="name@example.com"
            />
          </Field>
          <RadioGroup legend="Role" name="role" options={roleOptions(role)} defaultValue="member" />
          <div className="flex justify-end gap-2">
            <Button onClick={() => change(false)}>Cancel</Button>
            <SubmitButton>Send invitation</SubmitButton>
          </div>
        </Form>
      )}
    </Dialog>
  );
}
