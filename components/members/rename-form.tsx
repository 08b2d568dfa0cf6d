'use client';
import { toast } from 'sonner';
import { Field, Form, Input, SubmitButton } from '@/components/ui';
import type { ActionResult } from '@/lib/errors/contract';

export interface RenameFormProps {
  name: string;
  onRename: (input: { name: string }) => Promise<ActionResult<unknown>>;
}

/** Gives the organisation another name. */
export function RenameForm({ name, onRename }: RenameFormProps) {
  return (
    <Form<{ name: string }, unknown>
      action={onRename}
      onSuccess={() => void toast.success('The organisation has its new name.')}
    >
      <Field label="Name of the organisation" name="name" required>
        <Input defaultValue={name} autoComplete="organization" />
      </Field>
      <SubmitButton className="self-start">Save name</SubmitButton>
    </Form>
  );
}
