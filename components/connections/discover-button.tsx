'use client';
import { RefreshCw } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { toast } from 'sonner';
import type { z } from 'zod';
import { Form, SubmitButton } from '@/components/ui';
import type { ConnectionView, connectionInput } from '@/lib/connections/contract';
import type { ActionResult } from '@/lib/errors/contract';

type Input = z.input<typeof connectionInput>;

export interface DiscoverButtonProps {
  connection: ConnectionView;
  onDiscover: (input: Input) => Promise<ActionResult<unknown>>;
}

/** Looks once more at what a connection reaches; for those who may, while it works. */
export function DiscoverButton({ connection, onDiscover }: DiscoverButtonProps) {
  const router = useRouter();
  if (connection.state !== 'active' && connection.state !== 'degraded') return null;
  return (
    <Form<Input, unknown>
      action={onDiscover}
      read={() => ({ connectionId: connection.id })}
      onFailure={({ code, message }) => {
        toast.error(message);
        // It may have broken since the page was opened. Without a server the page would be lost.
        if (code !== 'unavailable') router.refresh();
      }}
    >
      <SubmitButton variant="secondary" icon={<RefreshCw />} disabled={connection.discovering}>
        Discover again
      </SubmitButton>
    </Form>
  );
}
