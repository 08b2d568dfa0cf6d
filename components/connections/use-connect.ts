'use client';
import { useRef, useState, useTransition } from 'react';
import type { z } from 'zod';
import { sent } from '@/components/ui';
import type { connectInput, connectKeyInput, KeyOutcome } from '@/lib/connections/contract';
import type { ActionResult } from '@/lib/errors/contract';

type Wish = z.input<typeof connectInput>;
export type Connect = (wish: Wish) => Promise<ActionResult<{ url: string }>>;
export type ConnectKey = (
  input: z.input<typeof connectKeyInput>,
) => Promise<ActionResult<KeyOutcome>>;

/** Begins a consent and leaves for the provider's page. Stays pending until the browser has left. */
export function useConnect<Input = Wish>(
  onConnect: (input: Input) => Promise<ActionResult<{ url: string }>>,
) {
  const [pending, startTransition] = useTransition();
  const [leaving, setLeaving] = useState(false);
  const [fault, setFault] = useState<string | null>(null);
  const begun = useRef(false);

  function begin(wish: Input) {
    // Several presses are one, also those that are only now made good.
    if (begun.current) return;
    begun.current = true;
    setFault(null);
    startTransition(async () => {
      const result = await sent(() => onConnect(wish)).finally(() => {
        begun.current = false;
      });
      if (!result.ok) return setFault(result.error.message);
      begun.current = true;
      setLeaving(true);
      window.location.assign(result.data.url);
    });
  }

  return { begin, pending: pending || leaving, fault };
}
