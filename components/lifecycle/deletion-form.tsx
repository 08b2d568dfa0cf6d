'use client';
import { useRouter } from 'next/navigation';
import { toast } from 'sonner';
import type { z } from 'zod';
import { CodeField, type DemoCodes } from '@/components/second-factor';
import {
  ButtonLink,
  Callout,
  Card,
  CardBody,
  CardHeader,
  Field,
  Form,
  Input,
  SubmitButton,
} from '@/components/ui';
import type { ActionResult } from '@/lib/errors/contract';
import { type askDeletionInput, consequences } from '@/lib/lifecycle/contract';

export interface DeletionFormProps {
  organisation: string;
  /** Days in which it can be undone. */
  graceDays: number;
  /** Whether the person has a second factor to prove. */
  hasFactor: boolean;
  demo: DemoCodes | null;
  onAsk: (input: z.input<typeof askDeletionInput>) => Promise<ActionResult<unknown>>;
}

/** How long it can be undone, in words. */
function graceWords(days: number): string {
  if (days === 0) return 'It begins at once and cannot be undone.';
  return `For ${days === 1 ? 'a day' : `${days} days`} any owner can undo it; then it begins and cannot be undone.`;
}

/** Asks for the organisation to be deleted: what goes, its name, a code. */
export function DeletionForm(props: DeletionFormProps) {
  const { organisation, graceDays, hasFactor, demo, onAsk } = props;
  const router = useRouter();
  return (
    <Card aria-labelledby="delete">
      <CardHeader
        id="delete"
        title="Delete the organisation"
        description={`Everything that ${organisation} has here is erased. ${graceWords(graceDays)}`}
      />
      <CardBody>
        <ul className="mb-5 list-disc space-y-1 pl-5 text-sm marker:text-faint">
          {consequences.map((consequence) => (
            <li key={consequence}>{consequence}</li>
          ))}
        </ul>
        {hasFactor ? (
          <Form<z.input<typeof askDeletionInput>, unknown>
            action={onAsk}
            onSuccess={() => {
              toast.success('The deletion is asked for. All owners are told by mail.');
              router.refresh();
            }}
          >
            <Field label={`Type ${organisation} to confirm`} name="typed" required>
              <Input autoComplete="off" spellCheck={false} />
            </Field>
            <CodeField demo={demo} hint="Of your authenticator app, or a recovery code." />
            <SubmitButton variant="danger" className="self-start">
              Delete {organisation}
            </SubmitButton>
          </Form>
        ) : (
          <Callout
            tone="warning"
            title="Set up a second factor first"
            action={<ButtonLink href="/account">Your account</ButtonLink>}
          >
            Asking for this takes a code of yours, so that nobody else asks for it in your name.
          </Callout>
        )}
      </CardBody>
    </Card>
  );
}
