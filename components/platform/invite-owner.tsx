'use client';
import { useState } from 'react';
import { Button, Dialog, Field, Form, Input, SubmitButton } from '@/components/ui';
import type { ActionResult } from '@/lib/errors/contract';

interface Wish {
  tenantId: string;
  email: string;
}

export interface InviteOwnerProps {
  tenantId: string;
  /** Whom to begin with; sent again, the earlier link is withdrawn. */
  email?: string;
  onInvite: (wish: Wish) => Promise<ActionResult<void>>;
}

/** Invites the first owner, or sends the invitation again. */
export function InviteOwner({ tenantId, email = '', onInvite }: InviteOwnerProps) {
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      title={email ? 'Send the invitation again' : 'Invite the owner'}
      description="They get a mail with a new link for seven days; an earlier one to the same address ends."
      trigger={<Button size="sm">{email ? 'Send again' : 'Invite the owner'}</Button>}
    >
      <Form<Wish, void>
        action={onInvite}
        read={(data) => ({ tenantId, email: String(data.get('email') ?? '') })}
        onSuccess={() => setOpen(false)}
      >
        <Field label="Mail address" name="email" required>
          <Input type="email" autoComplete="off" maxLength={254} defaultValue={email} />
        </Field>
        <SubmitButton className="self-end">Send</SubmitButton>
      </Form>
    </Dialog>
  );
}
