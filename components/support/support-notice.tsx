'use client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { toast } from 'sonner';
import { fetchJson } from '@/components/api/fetch-json';
import { Button, ButtonLink, Callout, ConfirmDialog, DateTime } from '@/components/ui';
import type { ActionResult } from '@/lib/errors/contract';
import type { SupportNow } from '@/lib/support/contract';

export interface SupportNoticeProps {
  first: SupportNow;
  /** For owners, who end it. */
  onEnd: ((input: { sessionId: string }) => Promise<ActionResult<unknown>>) | null;
}

/** Milliseconds between looks: a page that stays open shows it too. */
const lookEvery = 20_000;
const queryKey = ['support-now'];

/** Tells the people of an organisation that support looks in, and owners that it asks to. */
export function SupportNotice({ first, onEnd }: SupportNoticeProps) {
  const client = useQueryClient();
  const { data } = useQuery({
    queryKey,
    queryFn: ({ signal }) => fetchJson<SupportNow>('/api/support', { signal }),
    initialData: first,
    refetchInterval: lookEvery,
  });
  async function end(sessionId: string) {
    const result = await onEnd?.({ sessionId });
    if (result?.ok) toast.success('Ended. Support sees nothing of your organisation any more.');
    await client.invalidateQueries({ queryKey });
    return result;
  }
  return (
    <>
      {data.sessions.map((session) => (
        <Callout
          key={session.id}
          tone="info"
          role="status"
          className="mb-4"
          title={`Support is looking: ${session.staffName} of Tenantry`}
          action={
            onEnd && (
              <ConfirmDialog
                trigger={<Button size="sm">End now</Button>}
                title={`End the session of ${session.staffName}?`}
                description="Support is out with its next click. What it looked at is on your record."
                confirmLabel="End now"
                onConfirm={() => end(session.id)}
              />
            )
          }
        >
          “{session.reason}
          {session.ticket && ` (${session.ticket})`}”{' '}
          {session.mendsSince ? 'It may mend some things' : 'It looks and changes nothing'}, until{' '}
          <DateTime value={session.endsAt} format="absolute" />.
        </Callout>
      ))}
      {data.requests.map((request) => (
        <Callout
          key={request.id}
          tone="warning"
          role="status"
          className="mb-4"
          title={`${request.staffName} of Tenantry support asks to look into your organisation`}
          action={
            <ButtonLink size="sm" href="/settings/support">
              Answer
            </ButtonLink>
          }
        >
          {request.reason}
        </Callout>
      ))}
    </>
  );
}
