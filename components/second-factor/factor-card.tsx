'use client';
import { type ReactNode, useState } from 'react';
import { toast } from 'sonner';
import {
  Badge,
  Button,
  Card,
  CardBody,
  CardHeader,
  DateTime,
  Dialog,
  Form,
  KeyValue,
  SubmitButton,
} from '@/components/ui';
import type { ActionResult } from '@/lib/errors/contract';
import type { Enrolment, FactorState } from '@/lib/second-factor/contract';
import { CodeField, type DemoCodes } from './code-field';
import { Enrol } from './enrol';
import { RecoveryCodes } from './recovery-codes';

type WithCode = { code: string };
type Codes = { readonly recoveryCodes: readonly string[] };

export interface FactorActions {
  onBegin: (input: Record<string, never>) => Promise<ActionResult<unknown>>;
  onConfirm: (input: WithCode) => Promise<ActionResult<Codes>>;
  onSwitchOff: (input: WithCode) => Promise<ActionResult<unknown>>;
  onRenewCodes: (input: WithCode) => Promise<ActionResult<Codes>>;
}

export interface FactorCardProps extends FactorActions {
  /** Null while there is none. */
  state: FactorState | null;
  enrolment: Enrolment | null;
  /** Staff cannot do without one. */
  required: boolean;
  demo: DemoCodes | null;
}

/** One's own second factor: set up, renewed, switched off. */
export function FactorCard({ state, enrolment, required, demo, ...actions }: FactorCardProps) {
  return (
    <Card aria-labelledby="second-factor">
      <CardHeader
        id="second-factor"
        title="Second factor"
        description="A code of an app of yours, asked for beside the password."
        actions={state ? <Badge tone="success">On</Badge> : <Badge>Off</Badge>}
      />
      <CardBody>
        <Enrol
          enrolment={enrolment}
          onBegin={actions.onBegin}
          onConfirm={actions.onConfirm}
          demo={demo}
          then={
            <Button className="self-start" onClick={() => window.location.reload()}>
              I have kept them
            </Button>
          }
          done={
            state && (
              <Present
                state={state}
                demo={demo}
                required={required}
                onSwitchOff={actions.onSwitchOff}
                onRenewCodes={actions.onRenewCodes}
              />
            )
          }
        />
      </CardBody>
    </Card>
  );
}

interface PresentProps extends Pick<FactorActions, 'onSwitchOff' | 'onRenewCodes'> {
  state: FactorState;
  required: boolean;
  demo: DemoCodes | null;
}

function Present({ state, required, demo, onSwitchOff, onRenewCodes }: PresentProps) {
  const [codes, setCodes] = useState<readonly string[]>();
  return (
    <div className="flex flex-col gap-5">
      <KeyValue
        items={[
          { label: 'Since', value: <DateTime value={state.since} /> },
          { label: 'Last used', value: state.lastUsedAt && <DateTime value={state.lastUsedAt} /> },
          { label: 'Recovery codes left', value: state.recoveryCodesLeft },
        ]}
      />
      <div className="flex flex-wrap gap-2">
        <WithCodeDialog
          title="New recovery codes"
          text="Those you have now will work no more."
          submit="Make new ones"
          trigger={<Button>New recovery codes</Button>}
          demo={demo}
          action={onRenewCodes}
          onDone={({ recoveryCodes }) => setCodes(recoveryCodes)}
          shown={
            codes && (
              <RecoveryCodes
                codes={codes}
                action={
                  <Button className="self-start" onClick={() => window.location.reload()}>
                    I have kept them
                  </Button>
                }
              />
            )
          }
        />
        <WithCodeDialog
          title={required ? 'Set up anew' : 'Switch off the second factor'}
          text={
            required
              ? 'For a new app or a new phone: what is set up now goes, and you are led to set up another at once. Your sessions elsewhere end.'
              : 'The password alone will let you in. Your sessions elsewhere end.'
          }
          submit={required ? 'Set up anew' : 'Switch it off'}
          trigger={
            <Button variant="danger-ghost">{required ? 'Set up anew' : 'Switch off'}</Button>
          }
          demo={demo}
          action={onSwitchOff}
          onDone={() => void toast.success('The second factor is off.')}
        />
      </div>
    </div>
  );
}

interface WithCodeDialogProps<Data> {
  title: string;
  text: string;
  submit: string;
  trigger: ReactNode;
  demo: DemoCodes | null;
  action: (input: WithCode) => Promise<ActionResult<Data>>;
  onDone: (data: Data) => void;
  /** Instead of the question, once it is done. */
  shown?: ReactNode;
}

function WithCodeDialog<Data>(props: WithCodeDialogProps<Data>) {
  const { title, text, submit, trigger, demo, action, onDone, shown } = props;
  return (
    <Dialog title={title} description={text} trigger={trigger}>
      {shown || (
        <Form<WithCode, Data> action={action} onSuccess={onDone}>
          <CodeField demo={demo} hint="Six digits from your app, or a recovery code." />
          <SubmitButton className="self-start">{submit}</SubmitButton>
        </Form>
      )}
    </Dialog>
  );
}
