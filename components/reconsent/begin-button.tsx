'use client';
import { ArrowUpRight } from 'lucide-react';
import { BeginForm } from '@/components/connections/begin-form';
import { useConnect } from '@/components/connections/use-connect';
import { Button, Callout } from '@/components/ui';
import type { ActionResult } from '@/lib/errors/contract';

export interface BeginButtonProps {
  token: string;
  label: string;
  onBegin: (input: { token: string }) => Promise<ActionResult<{ url: string }>>;
}

/** Leads to the provider's page. */
export function BeginButton({ token, label, onBegin }: BeginButtonProps) {
  const { begin, pending, fault } = useConnect(onBegin);
  return (
    <div className="grid gap-3">
      {fault && <Callout tone="danger" role="alert" title={fault} />}
      <BeginForm onBegin={() => begin({ token })}>
        <Button
          type="submit"
          variant="primary"
          size="lg"
          block
          loading={pending}
          iconEnd={<ArrowUpRight />}
        >
          {label}
        </Button>
      </BeginForm>
    </div>
  );
}
