'use client';
import { Trash2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { Button, ConfirmDialog } from '@/components/ui';
import type { ActionResult } from '@/lib/errors/contract';

export interface ArchiveButtonProps {
  id: string;
  name: string;
  archive: (input: { id: string; confirm: string }) => Promise<ActionResult<unknown>>;
}

/** Takes an automation away, after its name was typed. */
export function ArchiveButton({ id, name, archive }: ArchiveButtonProps) {
  const router = useRouter();
  return (
    <ConfirmDialog
      trigger={
        <Button variant="danger-ghost" icon={<Trash2 />}>
          Remove
        </Button>
      }
      title="Remove this automation?"
      description="It can’t be brought back; you can make it anew from its template."
      consequences={[
        'Its schedule stops at once.',
        'A run that is under way goes on to its end.',
        'Past runs, reports and the audit stay.',
      ]}
      confirmText={name}
      confirmLabel="Remove"
      onConfirm={async () => {
        const result = await archive({ id, confirm: name });
        if (result.ok) {
          router.push('/automations');
          router.refresh();
        }
        return result;
      }}
    />
  );
}
