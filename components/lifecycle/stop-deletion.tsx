'use client';
import { CircleStop } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { Button, ConfirmDialog } from '@/components/ui';
import type { ActionResult } from '@/lib/errors/contract';

interface StopDeletionProps {
  deletionId: string;
  onStop: (input: { deletionId: string }) => Promise<ActionResult<unknown>>;
}

/** Stops a deletion in its time of grace. */
export function StopDeletion({ deletionId, onStop }: StopDeletionProps) {
  const router = useRouter();
  return (
    <ConfirmDialog
      title="Stop this deletion?"
      description="Everything stays as it is. It can be asked for again, with a new time of grace."
      consequences={[
        'The owners are told by mail.',
        'It goes on the tenant’s own record, under your name.',
      ]}
      confirmLabel="Stop the deletion"
      trigger={
        <Button variant="danger" icon={<CircleStop />}>
          Stop
        </Button>
      }
      onConfirm={async () => {
        const result = await onStop({ deletionId });
        if (result.ok) router.refresh();
        return result;
      }}
    />
  );
}
