'use client';
import { useRouter } from 'next/navigation';
import { useOptimistic, useTransition } from 'react';
import { toast } from 'sonner';
import { Switch, sent } from '@/components/ui';
import type { ActionResult } from '@/lib/errors/contract';

export interface EnableSwitchProps {
  id: string;
  enabled: boolean;
  enable: (input: { id: string; enabled: boolean }) => Promise<ActionResult<unknown>>;
}

/** On or off, at once; moves back when the server refuses. */
export function EnableSwitch({ id, enabled, enable }: EnableSwitchProps) {
  const router = useRouter();
  const [shown, setShown] = useOptimistic(enabled);
  const [pending, startTransition] = useTransition();
  return (
    <Switch
      label="Switched on"
      description="Off, its schedule rests and it can’t be started."
      checked={shown}
      disabled={pending}
      onChange={({ target: { checked } }) =>
        startTransition(async () => {
          setShown(checked);
          const result = await sent(() => enable({ id, enabled: checked }));
          if (!result.ok) toast.error(result.error.message);
          // Without a server the page would be lost.
          if (result.ok || result.error.code !== 'unavailable') router.refresh();
        })
      }
    />
  );
}
