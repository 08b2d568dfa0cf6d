'use client';
import { RefreshCw } from 'lucide-react';
import { useTransition } from 'react';
import { toast } from 'sonner';
import type { z } from 'zod';
import { Button } from '@/components/ui';
import type { ConnectionView, connectionInput } from '@/lib/connections/contract';
import type { ActionResult } from '@/lib/errors/contract';

export interface DiscoverButtonProps {
  connection: ConnectionView;
  onDiscover: (input: z.input<typeof connectionInput>) => Promise<ActionResult<unknown>>;
}

/** Looks once more at what a connection reaches; for those who may, while it works. */
export function DiscoverButton({ connection, onDiscover }: DiscoverButtonProps) {
  const [pending, startTransition] = useTransition();
  if (connection.state !== 'active' && connection.state !== 'degraded') return null;
  function discover() {
    startTransition(async () => {
      const result = await onDiscover({ connectionId: connection.id });
      if (!result.ok) toast.error(result.error.message);
    });
  }
  return (
    <Button
      icon={<RefreshCw />}
      loading={pending}
      disabled={connection.discovering}
      onClick={discover}
    >
      Discover again
    </Button>
  );
}
