'use client';
import { FlaskConical, Play } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useRef, useState, useTransition } from 'react';
import { toast } from 'sonner';
import { v4 } from 'uuid';
import { Button } from '@/components/ui';
import type { ActionResult } from '@/lib/errors/contract';

export interface RunButtonsProps {
  automationId: string;
  start: (input: {
    automationId: string;
    dryRun: boolean;
    key: string;
  }) => Promise<ActionResult<string>>;
  /** Why it can't be started now. */
  disabled?: boolean;
}

/** Starts a run, or a dry run, and goes there. */
export function RunButtons({ automationId, start, disabled }: RunButtonsProps) {
  const router = useRouter();
  const [pending, startTransition] = useTransition();
  const [asked, setAsked] = useState<'run' | 'dry' | null>(null);
  // One key until an answer came: pressing twice, or again after a lost answer, starts one run.
  const keys = useRef<Partial<Record<'run' | 'dry', string>>>({});

  function go(kind: 'run' | 'dry') {
    if (pending) return;
    setAsked(kind);
    const key = keys.current[kind] ?? v4();
    keys.current[kind] = key;
    startTransition(async () => {
      const result = await start({ automationId, dryRun: kind === 'dry', key });
      delete keys.current[kind];
      if (result.ok) router.push(`/runs/${result.data}`);
      else toast.error(result.error.message);
    });
  }

  return (
    <>
      <Button
        icon={<FlaskConical />}
        disabled={disabled || pending}
        loading={pending && asked === 'dry'}
        onClick={() => go('dry')}
      >
        Dry run
      </Button>
      <Button
        variant="primary"
        icon={<Play />}
        disabled={disabled || pending}
        loading={pending && asked === 'run'}
        onClick={() => go('run')}
      >
        Run now
      </Button>
    </>
  );
}
