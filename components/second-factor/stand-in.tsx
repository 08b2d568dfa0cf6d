'use client';
import { Smartphone } from 'lucide-react';
import { useEffect, useState, useTransition } from 'react';
import { Button } from '@/components/ui';
import type { ActionResult } from '@/lib/errors/contract';
import type { StandInCode } from '@/lib/second-factor/contract';

export type ShowStandIn = () => Promise<ActionResult<StandInCode>>;

export interface StandInProps {
  /** What it showed when the page was made. */
  first: StandInCode;
  onShow: ShowStandIn;
  /** Put the code where it is asked for. */
  onFill: (code: string) => void;
}

const readable = (code: string) => `${code.slice(0, 3)} ${code.slice(3)}`;

/** Stands in for an authenticator app, for the people of a demo who have none. */
export function StandIn({ first, onShow, onFill }: StandInProps) {
  const [shown, setShown] = useState(first);
  const [waiting, setWaiting] = useState(false);
  const [pending, startTransition] = useTransition();

  function ask() {
    startTransition(async () => {
      const answer = await onShow();
      if (!answer.ok) return setWaiting(false);
      setShown(answer.data);
      setWaiting(answer.data.code === null);
      if (answer.data.code !== null) onFill(answer.data.code);
    });
  }

  // Every code that would be taken has been used: the next is asked for as soon as there is one.
  useEffect(() => {
    if (!waiting) return;
    const timer = setTimeout(ask, (shown.waitSeconds + 1) * 1_000);
    return () => clearTimeout(timer);
  });

  return (
    <aside
      aria-label="Stand-in for an authenticator app"
      className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-lg border border-dashed bg-sunken px-3.5 py-3 text-sm"
    >
      <Smartphone aria-hidden className="size-4 shrink-0 text-muted" />
      <p className="min-w-0 flex-1 basis-40 text-muted">
        In this demo, a stand-in for the app shows{' '}
        <strong
          className="whitespace-nowrap font-medium font-mono text-text tabular-nums"
          role="status"
        >
          {shown.code === null ? `the next code in ${shown.waitSeconds} s` : readable(shown.code)}
        </strong>
      </p>
      <Button size="sm" loading={pending || waiting} onClick={ask}>
        Fill it in
      </Button>
    </aside>
  );
}
