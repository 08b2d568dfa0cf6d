'use client';
import { LogOut } from 'lucide-react';
import { useTransition } from 'react';
import { Button } from '@/components/ui';

/** Signs out of this browser. */
export function SignOutButton({ onSignOut }: { onSignOut: () => Promise<unknown> }) {
  const [pending, startTransition] = useTransition();
  return (
    <Button
      variant="ghost"
      icon={<LogOut />}
      loading={pending}
      className="-ml-3"
      onClick={() => startTransition(async () => void (await onSignOut()))}
    >
      Sign out
    </Button>
  );
}
