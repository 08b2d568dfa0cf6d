'use client';
import { Button, Callout, CopyButton, DateTime } from '@/components/ui';
import type { Invited } from './actions';

/** The link of an invitation just made, with what to know about it. */
export function InvitationLink({ invited, onDone }: { invited: Invited; onDone: () => void }) {
  const { link, email, expiresAt } = invited;
  return (
    <div className="flex flex-col gap-4">
      <p className="text-muted text-sm">
        A mail to <strong className="break-all font-medium text-text">{email}</strong> is on its
        way. You can also hand over the link yourself:
      </p>
      <div className="flex items-center gap-1 rounded-lg border bg-sunken py-1.5 pr-1.5 pl-3">
        <code data-testid="invitation-link" className="min-w-0 flex-1 truncate font-mono text-xs">
          {link}
        </code>
        <CopyButton value={link} label="Copy link" />
      </div>
      <Callout tone="info" title="This link is shown only now">
        It works once, for this address only, until <DateTime value={expiresAt} format="absolute" />
        .
      </Callout>
      <div className="flex justify-end">
        <Button variant="primary" onClick={onDone}>
          Done
        </Button>
      </div>
    </div>
  );
}
