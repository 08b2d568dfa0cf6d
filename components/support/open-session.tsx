'use client';
import { useTransition } from 'react';
import { toast } from 'sonner';
import {
  Button,
  Callout,
  Card,
  CardBody,
  CardHeader,
  DateTime,
  Field,
  Form,
  KeyValue,
  SubmitButton,
  sent,
  Textarea,
} from '@/components/ui';
import type { ActionResult } from '@/lib/errors/contract';
import type { SupportSessionRow } from '@/lib/support/contract';

type Action<Input> = (input: Input) => Promise<ActionResult<unknown>>;

export interface OpenSessionProps {
  tenantId: string;
  session: SupportSessionRow;
  onResume: Action<{ tenantId: string }>;
  onStop: Action<{ tenantId: string }>;
  onAskToMend: Action<{ tenantId: string; reason: string }>;
}

/** The session that one is in: go on, stop, or ask a second person to let it mend. */
export function OpenSession(props: OpenSessionProps) {
  const { tenantId, session } = props;
  const [pending, startTransition] = useTransition();
  function act(action: Action<{ tenantId: string }>) {
    startTransition(async () => {
      const result = await sent(() => action({ tenantId }));
      if (result?.ok === false) toast.error(result.error.message);
    });
  }
  return (
    <Card aria-labelledby="open-session">
      <CardHeader
        id="open-session"
        title="You are looking in"
        actions={
          <>
            <Button loading={pending} onClick={() => act(props.onStop)}>
              Stop
            </Button>
            <Button variant="primary" disabled={pending} onClick={() => act(props.onResume)}>
              Go on
            </Button>
          </>
        }
      />
      <CardBody className="flex flex-col gap-5">
        <KeyValue
          columns={2}
          items={[
            { label: 'Reason', value: session.reason },
            { label: 'Ticket', value: session.ticket },
            { label: 'Ends', value: <DateTime value={session.endsAt} format="absolute" /> },
            { label: 'May', value: session.mendsSince ? 'Look and mend' : 'Look' },
          ]}
        />
        {session.mendsSince ? (
          <Callout tone="info" title={`${session.mendsBy} lets this session mend`}>
            Discover again, cancel and rerun runs, switch automations off and on. Nothing else.
          </Callout>
        ) : (
          <Form<{ reason: string }, unknown>
            action={({ reason }) => props.onAskToMend({ tenantId, reason })}
            onSuccess={() => void toast.success('Asked. Somebody else of the staff decides.')}
          >
            <Field
              label="What do you want to mend?"
              name="reason"
              hint="Needs a second person. Then, for the rest of the time: discover again, cancel and rerun runs, switch automations off and on."
              required
            >
              <Textarea rows={2} maxLength={500} />
            </Field>
            <SubmitButton variant="secondary" className="self-start">
              Ask for approval
            </SubmitButton>
          </Form>
        )}
      </CardBody>
    </Card>
  );
}
