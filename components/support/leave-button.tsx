'use client';
import { useTransition } from 'react';
import { toast } from 'sonner';
import { Button, sent } from '@/components/ui';
import type { ActionResult } from '@/lib/errors/contract';

export interface LeaveButtonProps {
  tenantId: string;
  onLeave: (input: { tenantId: string }) => Promise<ActionResult<unknown>>;
}

/** Takes the browser out of a session that is over, so that its own workspace opens again. */
export function LeaveButton({ tenantId, onLeave }: LeaveButtonProps) {
  const [pending, startTransition] = useTransition();
  return (
    <Button
      size="sm"
      loading={pending}
      onClick={() =>
        startTransition(async () => {
          const result = await sent(() => onLeave({ tenantId }));
          if (result?.ok === false) toast.error(result.error.message);
        })
      }
    >
      Leave it
    </Button>
  );
}
