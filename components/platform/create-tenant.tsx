'use client';
import { useRouter } from 'next/navigation';
import type { z } from 'zod';
import { Card, CardBody, Field, Form, Input, SubmitButton } from '@/components/ui';
import type { ActionResult } from '@/lib/errors/contract';
import type { createTenantInput } from '@/lib/platform/contract';

type Wish = z.input<typeof createTenantInput>;

interface CreateTenantProps {
  onCreate: (wish: Wish) => Promise<ActionResult<{ id: string }>>;
}

/** Makes an organisation and invites its first owner. */
export function CreateTenant({ onCreate }: CreateTenantProps) {
  const router = useRouter();
  return (
    <Card className="max-w-xl">
      <CardBody>
        <Form<Wish, { id: string }>
          action={onCreate}
          onSuccess={({ id }) => router.push(`/admin/tenants/${id}`)}
        >
          <Field label="Name of the organisation" name="name" required>
            <Input autoComplete="off" maxLength={80} />
          </Field>
          <Field
            label="Mail address of its first owner"
            name="owner"
            hint="They get a mail with a link that works once, for seven days. You can send it again."
            required
          >
            <Input type="email" autoComplete="off" maxLength={254} />
          </Field>
          <SubmitButton className="self-start">Create and invite</SubmitButton>
        </Form>
      </CardBody>
    </Card>
  );
}
