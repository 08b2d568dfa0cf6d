'use client';
import { RefreshCw } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { toast } from 'sonner';
import { Button } from '@/components/ui';
import type { DoctorOutcome } from '@/lib/doctor/contract';
import type { ActionResult } from '@/lib/errors/contract';

export interface CheckAgainProps {
  onCheck: (input: Record<string, never>) => Promise<ActionResult<DoctorOutcome>>;
}

const found = ({ checks, findings }: DoctorOutcome): string =>
  findings === 0
    ? `Looked again: all ${checks} hold`
    : `Looked again: ${findings} ${findings === 1 ? 'finding' : 'findings'}`;

/** Has everything looked at again that can be looked at while the product serves. */
export function CheckAgain({ onCheck }: CheckAgainProps) {
  const router = useRouter();
  const [pending, setPending] = useState(false);
  async function check() {
    setPending(true);
    try {
      const result = await onCheck({});
      if (!result.ok) {
        toast.error(result.error.message);
        return;
      }
      // A past look may be open; what was found now is in the latest.
      router.replace('/admin/doctor');
      router.refresh();
      toast[result.data.findings === 0 ? 'success' : 'warning'](found(result.data));
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
