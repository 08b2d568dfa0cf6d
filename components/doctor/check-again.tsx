'use client';
import { RefreshCw } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { toast } from 'sonner';
import { Button } from '@/components/ui';
import type { ActionResult } from '@/lib/errors/contract';

export interface CheckAgainProps {
  onCheck: (input: Record<string, never>) => Promise<ActionResult<unknown>>;
}

/** Has everything looked at again that can be looked at while the product serves. */
export function CheckAgain({ onCheck }: CheckAgainProps) {
  const router = useRouter();
  const [pending, setPending] = useState(false);
  async function check() {
    setPending(true);
    try {
      const result = await onCheck({});
      if (result.ok) router.refresh();
      else toast.error(result.error.message);
    } catch {
      toast.error('The server could not be reached. Try again in a moment.');
    } finally {
      setPending(false);
    }
  }
  return (
    <Button variant="primary" icon={<RefreshCw />} loading={pending} onClick={check}>
      Check again
    </Button>
  );
}
