import type { ReactNode } from 'react';
import { ButtonLink, Callout, DateTime } from '@/components/ui';
import type { PendingDeletion } from '@/lib/lifecycle/contract';

export interface DeletionNoticeProps {
  deletion: PendingDeletion;
  organisation: string;
  /** For owners: where it is undone, or the button that does. */
  action?: ReactNode;
}

/** Tells the people of an organisation that it is to be deleted, and when. */
export function DeletionNotice({ deletion, organisation, action }: DeletionNoticeProps) {
  const { askedName, origin, graceUntil } = deletion;
  return (
    <Callout
      tone="danger"
      role="status"
      className="mb-4"
      title={
        <>
          {organisation} is to be deleted on{' '}
          <DateTime value={graceUntil} format="absolute" timeZone="UTC" /> (UTC)
        </>
      }
      action={action}
    >
      {origin === 'owner' ? askedName : `${askedName} of Tenantry`} has asked for it. Until then an
      owner can undo it; afterwards nobody gets in and everything is erased.
    </Callout>
  );
}

/** For the frame around an owner's pages. */
export const toSettings = (
  <ButtonLink href="/settings/deletion" size="sm">
    Look at it
  </ButtonLink>
);
