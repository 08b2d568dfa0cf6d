'use client';
import { useRouter } from 'next/navigation';
import type { ReactNode } from 'react';
import type { z } from 'zod';
import { Button, Callout, ConfirmDialog, DateTime } from '@/components/ui';
import type { AwaitedConsent, ConnectionView, connectionInput } from '@/lib/connections/contract';
import type { ActionResult } from '@/lib/errors/contract';

export interface AwaitingNoticeProps {
  connection: Pick<ConnectionView, 'id' | 'state' | 'stateReason'>;
  awaiting: AwaitedConsent;
  /** Null for those who may not. */
  onWithdraw: ((input: z.input<typeof connectionInput>) => Promise<ActionResult<unknown>>) | null;
  /** What else can be done. */
  action: ReactNode;
}

/** For whom the connection waits, and until when. */
export function AwaitingNotice(props: AwaitingNoticeProps) {
  const { connection, awaiting, onWithdraw, action } = props;
  const { forEmail, expiresAt, openedAt, askedBy } = awaiting;
  const router = useRouter();
  return (
    <Callout
      tone="info"
      title={`Waiting for ${forEmail}`}
      action={
        onWithdraw && (
          <span className="flex flex-wrap gap-2">
            {action}
            <ConfirmDialog
              trigger={<Button size="sm">Withdraw the link</Button>}
              title="Withdraw the link?"
              description={`${forEmail} can no longer use it. Nothing else changes.`}
              confirmLabel="Withdraw"
              onConfirm={async () => {
                const result = await onWithdraw({ connectionId: connection.id });
                if (result.ok) router.refresh();
                return result;
              }}
            />
          </span>
        )
      }
      className="mb-5"
    >
      {askedBy ?? 'The support of Tenantry'} asked them by a link that is open until{' '}
      <DateTime value={expiresAt} format="absolute" />.{' '}
      {openedAt ? (
        <>
          It was opened <DateTime value={openedAt} />.
        </>
      ) : (
        'It has not been opened yet.'
      )}
      {connection.state === 'pending' && connection.stateReason && ` ${connection.stateReason}`}
    </Callout>
  );
}
