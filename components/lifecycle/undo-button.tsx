'use client';
import { Undo2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useTransition } from 'react';
import { toast } from 'sonner';
import { Button, sent } from '@/components/ui';
import type { ActionResult } from '@/lib/errors/contract';

export interface UndoButtonProps {
  onUndo: (input: Record<string, never>) => Promise<ActionResult<unknown>>;
}

/** Undoes the deletion that was asked for, with one press. */
export function UndoButton({ onUndo }: UndoButtonProps) {
  const router = useRouter();
  const [pending, startTransition] = useTransition();
  function undo() {
    startTransition(async () => {
      const result = await sent(() => onUndo({}));
      if (result.ok) toast.success('Undone. Everything stays as it is.');
      else toast.error(result.error.message);
      // Without a server the page would be lost.
      if (result.ok || result.error.code !== 'unavailable') router.refresh();
    });
  }
  return (
    <Button icon={<Undo2 />} loading={pending} onClick={undo}>
      Undo the deletion
    </Button>
  );
}
