'use client';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { toast } from 'sonner';
import type { z } from 'zod';
import {
  Card,
  CardBody,
  CardHeader,
  Field,
  Form,
  Input,
  SubmitButton,
  Textarea,
} from '@/components/ui';
import type { ActionResult } from '@/lib/errors/contract';
import { consequences, type staffDeletionInput } from '@/lib/lifecycle/contract';

type AskInput = z.input<typeof staffDeletionInput>;

interface AskDeletionProps {
  tenant: { readonly id: string; readonly name: string };
  onAsk: (input: AskInput) => Promise<ActionResult<unknown>>;
}

/** Staff ask for a tenant to be deleted; a second platform admin has to approve it. */
export function AskDeletion({ tenant, onAsk }: AskDeletionProps) {
  const router = useRouter();
  const [typed, setTyped] = useState('');
  return (
    <Card aria-labelledby="ask">
      <CardHeader
        id="ask"
        title="Delete this tenant"
        description="Nothing happens before another platform admin approves it. Then the owners are told, and its time of grace begins."
      />
      <CardBody>
        <ul className="mb-5 list-disc space-y-1 pl-5 text-sm marker:text-faint">
          {consequences.map((consequence) => (
            <li key={consequence}>{consequence}</li>
          ))}
        </ul>
        <Form<AskInput, unknown>
          action={onAsk}
          read={(data) => ({
            tenantId: tenant.id,
            typed: String(data.get('typed') ?? ''),
            reason: String(data.get('reason') ?? ''),
          })}
          onSuccess={() => {
            toast.success('Another platform admin is asked to approve it.');
            router.refresh();
          }}
        >
          <Field
            label="Reason"
            name="reason"
            hint="The owners read it in their mail and on their record."
            required
          >
            <Textarea rows={2} />
          </Field>
          <Field label={`Type ${tenant.name} to confirm`} name="typed" required>
            <Input
              value={typed}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => setTyped(event.target.value)}
            />
          </Field>
          <SubmitButton
            variant="danger"
            className="self-start"
            disabled={typed.trim() !== tenant.name}
          >
            Ask for approval
          </SubmitButton>
        </Form>
      </CardBody>
    </Card>
  );
}
