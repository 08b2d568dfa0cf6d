'use client';
import { CircleStop, RotateCw } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useRef, useTransition } from 'react';
import { toast } from 'sonner';
import { v4 } from 'uuid';
import { Button } from '@/components/ui';
import { isFinished, type RunView } from '@/lib/automations/contract';
import type { ActionResult } from '@/lib/errors/contract';

export interface RunActionsProps {
  run: RunView;
  rerun: (input: { runId: string; key: string }) => Promise<ActionResult<string>>;
  cancel: (input: { runId: string }) => Promise<ActionResult<unknown>>;
  /** The run has changed: look again. */
  onChanged: () => void;
}

/** Run again, or stop. */
export function RunActions({ run, rerun, cancel, onChanged }: RunActionsProps) {
  const router = useRouter();
  const [pending, startTransition] = useTransition();
  // One key until an answer came: pressed twice, it is one run.
  const key = useRef<string | null>(null);

  const again = () =>
    startTransition(async () => {
      key.current ??= v4();
      const result = await rerun({ runId: run.id, key: key.current });
      key.current = null;
      if (result.ok) router.push(`/runs/${result.data}`);
      else toast.error(result.error.message);
    });

  const stop = () =>
    startTransition(async () => {
      const result = await cancel({ runId: run.id });
      if (!result.ok) toast.error(result.error.message);
      onChanged();
    });

  if (!isFinished(run.state)) {
    const asked = run.cancelRequestedAt !== null;
    return (
      <Button icon={<CircleStop />} loading={pending} disabled={asked} onClick={stop}>
        {asked ? 'Stopping' : 'Cancel'}
      </Button>
    );
  }
  return (
    <Button
      icon={<RotateCw />}
      loading={pending}
      disabled={run.automationArchived}
      title={run.automationArchived ? 'Its automation has been removed.' : undefined}
      onClick={again}
    >
      {run.dryRun ? 'Dry run again' : 'Run again'}
    </Button>
  );
}
