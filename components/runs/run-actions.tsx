'use client';
import { CircleStop, RotateCw } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useRef } from 'react';
import { toast } from 'sonner';
import { v4 } from 'uuid';
import { Form, SubmitButton } from '@/components/ui';
import { isFinished, type RunView } from '@/lib/automations/contract';
import type { ActionResult, PublicErrorShape } from '@/lib/errors/contract';

type CancelInput = { runId: string };
type RerunInput = { runId: string; key: string };

export interface RunActionsProps {
  run: RunView;
  rerun: (input: RerunInput) => Promise<ActionResult<string>>;
  cancel: (input: CancelInput) => Promise<ActionResult<unknown>>;
  /** The run has changed: look again. */
  onChanged: () => void;
}

const tell = ({ message }: PublicErrorShape) => void toast.error(message);

/** Run again, or stop. */
export function RunActions({ run, rerun, cancel, onChanged }: RunActionsProps) {
  return isFinished(run.state) ? (
    <AgainForm run={run} rerun={rerun} />
  ) : (
    <StopForm run={run} cancel={cancel} onChanged={onChanged} />
  );
}

function StopForm({ run, cancel, onChanged }: Omit<RunActionsProps, 'rerun'>) {
  const asked = run.cancelRequestedAt !== null;
  return (
    <Form<CancelInput, unknown>
      action={cancel}
      read={() => ({ runId: run.id })}
      onSuccess={onChanged}
      onFailure={(error) => {
        tell(error);
        onChanged();
      }}
    >
      <SubmitButton variant="secondary" icon={<CircleStop />} disabled={asked}>
        {asked ? 'Stopping' : 'Cancel'}
      </SubmitButton>
    </Form>
  );
}

function AgainForm({ run, rerun }: Pick<RunActionsProps, 'run' | 'rerun'>) {
  const router = useRouter();
  // One key until an answer came: pressed twice, it is one run.
  const key = useRef<string | null>(null);
  return (
    <Form<RerunInput, string>
      action={rerun}
      read={() => {
        key.current ??= v4();
        return { runId: run.id, key: key.current };
      }}
      onSuccess={(runId) => {
        key.current = null;
        router.push(`/runs/${runId}`);
      }}
      onFailure={tell}
    >
      <SubmitButton
        variant="secondary"
        icon={<RotateCw />}
        disabled={run.automationArchived}
        title={run.automationArchived ? 'Its automation has been removed.' : undefined}
      >
        {run.dryRun ? 'Dry run again' : 'Run again'}
      </SubmitButton>
    </Form>
  );
}
