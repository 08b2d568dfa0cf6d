'use client';
import { Plus } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { toast } from 'sonner';
import {
  Button,
  Callout,
  CopyButton,
  Dialog,
  Field,
  Form,
  Input,
  RadioGroup,
  SubmitButton,
} from '@/components/ui';
import type { ActionResult } from '@/lib/errors/contract';
import { type CreateStreamInput, type StreamKind, streamKindWords } from '@/lib/streams/contract';
import { KindFields } from './kind-fields';

interface CreateStreamProps {
  onCreate: (
    input: CreateStreamInput,
  ) => Promise<ActionResult<{ readonly signingSecret: string | null }>>;
}

function ShownOnce({ secret, onDone }: { secret: string; onDone: () => void }) {
  return (
    <div className="flex flex-col gap-4">
      <Callout tone="warning" title="This is shown once">
        Keep it where your receiver finds it: it tells our messages from anybody else’s.
      </Callout>
      <div className="flex items-center gap-2">
        <code className="min-w-0 break-all rounded-md bg-sunken px-2 py-1 text-xs">{secret}</code>
        <CopyButton value={secret} label="Copy the signing secret" />
      </div>
      <Button variant="primary" className="self-end" onClick={onDone}>
        Done
      </Button>
    </div>
  );
}

/** Asks where the events are to go, and sets the stream up. */
export function CreateStream({ onCreate }: CreateStreamProps) {
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const [kind, setKind] = useState<StreamKind>('webhook');
  const [secret, setSecret] = useState<string | null>(null);

  function change(next: boolean) {
    setOpen(next);
    if (!next) setSecret(null);
  }

  function created(signingSecret: string | null) {
    router.refresh();
    toast.success('The stream is set up.');
    if (signingSecret === null) change(false);
    else setSecret(signingSecret);
  }

  return (
    <Dialog
      open={open}
      onOpenChange={change}
      trigger={
        <Button variant="primary" icon={<Plus />}>
          Add a stream
        </Button>
      }
      title={secret === null ? 'Add a stream' : 'Signing secret'}
    >
      {secret === null ? (
        <Form<CreateStreamInput, { readonly signingSecret: string | null }>
          action={onCreate}
          onSuccess={({ signingSecret }) => created(signingSecret)}
        >
          <RadioGroup
            legend="By"
            name="kind"
            value={kind}
            onValueChange={(value) => setKind(value as StreamKind)}
            options={Object.entries(streamKindWords).map(([value, words]) => ({ value, ...words }))}
          />
          <Field label="Name" name="name" required hint="For you and your colleagues.">
            <Input placeholder="SIEM" autoComplete="off" />
          </Field>
          <KindFields key={kind} kind={kind} />
          <RadioGroup
            legend="Begin with"
            name="from"
            defaultValue="now"
            columns={2}
            options={[
              { value: 'now', label: 'What happens from now on' },
              { value: 'start', label: 'The whole record' },
            ]}
          />
          <SubmitButton className="self-end">Add the stream</SubmitButton>
        </Form>
      ) : (
        <ShownOnce secret={secret} onDone={() => change(false)} />
      )}
    </Dialog>
  );
}
