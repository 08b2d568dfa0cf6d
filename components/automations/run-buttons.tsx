'use client';
import { FlaskConical, Play } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useRef } from 'react';
import { toast } from 'sonner';
import { v4 } from 'uuid';
import { Form, SubmitButton } from '@/components/ui';
import type { ActionResult } from '@/lib/errors/contract';

interface Input {
  automationId: string;
  dryRun: boolean;
  key: string;
}

export interface RunButtonsProps {
  automationId: string;
  start: (input: Input) => Promise<ActionResult<string>>;
  /** Why it can't be started now. */
  disabled?: boolean;
}

function StartForm({
  automationId,
  start,
  disabled,
  dryRun,
}: RunButtonsProps & { dryRun: boolean }) {
  const router = useRouter();
  // One key until an answer came: pressing twice, or again after a lost answer, starts one run.
  const key = useRef<string | null>(null);
  return (
    <Form<Input, string>
      action={start}
      read={() => {
        key.current ??= v4();
        return { automationId, dryRun, key: key.current };
      }}
      onSuccess={(runId) => {
        key.current = null;
        router.push(`/runs/${runId}`);
      }}
      onFailure={({ message }) => void toast.error(message)}
    >
      <SubmitButton
        variant={dryRun ? 'secondary' : 'primary'}
        icon={dryRun ? <FlaskConical /> : <Play />}
        disabled={disabled}
      >
        {dryRun ? 'Dry run' : 'Run now'}
      </SubmitButton>
    </Form>
  );
}

/** Starts a run, or a dry run, and goes there. */
export function RunButtons(props: RunButtonsProps) {
  return (
    <>
      <StartForm {...props} dryRun />
      <StartForm {...props} dryRun={false} />
    </>
  );
}
