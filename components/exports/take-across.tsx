'use client';
import { Download } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useTransition } from 'react';
import { toast } from 'sonner';
import { Button, Callout } from '@/components/ui';
import type { ActionResult } from '@/lib/errors/contract';

interface TakeAcrossProps {
  approvalId: string;
  onTake: (input: { approvalId: string }) => Promise<ActionResult<{ readonly csv: string }>>;
}

function save(csv: string): void {
  const address = URL.createObjectURL(new Blob([csv], { type: 'text/csv;charset=utf-8' }));
  const link = Object.assign(document.createElement('a'), {
    href: address,
    download: 'audit-across-tenants.csv',
  });
  link.click();
  URL.revokeObjectURL(address);
}

/** Gives whoever asked the export that was approved, once. */
export function TakeAcross({ approvalId, onTake }: TakeAcrossProps) {
  const router = useRouter();
  const [pending, start] = useTransition();
  const take = () =>
    start(async () => {
      const result = await onTake({ approvalId });
      if (result.ok) save(result.data.csv);
      else toast.error(result.error.message);
      router.refresh();
    });
  return (
    <Callout
      tone="success"
      title="It was approved: you are given the file once"
      className="max-w-2xl"
      action={
        <Button variant="primary" icon={<Download />} loading={pending} onClick={take}>
          Download
        </Button>
      }
    />
  );
}
