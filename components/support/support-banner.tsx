'use client';
import { Eye, Wrench } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useEffect, useTransition } from 'react';
import { toast } from 'sonner';
import { Button, sent, useNow } from '@/components/ui';
import type { ActionResult } from '@/lib/errors/contract';
import type { SupportEntry } from '@/lib/tenancy/contract';

export interface SupportBannerProps {
  organisation: { readonly id: string; readonly name: string };
  session: SupportEntry;
  onStop: (input: { tenantId: string }) => Promise<ActionResult<unknown>>;
}

/** What is left, as `12:05`; on the server and while hydrating nothing. */
function leftOf(endsAt: string, now: number | null): string | null {
  if (now === null) return null;
  const seconds = Math.max(0, Math.ceil((new Date(endsAt).getTime() - now) / 1_000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** Staff are in a customer's workspace: whose, why, how long yet, and the way out. On every page. */
export function SupportBanner({ organisation, session, onStop }: SupportBannerProps) {
  const router = useRouter();
  const now = useNow(1_000);
  const [pending, startTransition] = useTransition();
  const left = leftOf(session.endsAt, now);
  const over = left === '0:00';
  useEffect(() => {
    // The server knows that it is over, and leads back to the console.
    if (over) router.refresh();
  }, [over, router]);
  return (
    <section
      aria-label="Support session"
      className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 bg-accent-solid px-4 py-1 font-medium text-on-solid text-xs max-lg:fixed max-lg:inset-x-0 max-lg:bottom-0 max-lg:z-40 max-lg:py-2 lg:h-7 lg:flex-nowrap"
    >
      <p className="flex min-w-0 items-center gap-2 max-sm:w-full">
        {session.mends ? (
          <Wrench aria-hidden className="size-3.5 shrink-0" />
        ) : (
          <Eye aria-hidden className="size-3.5 shrink-0" />
        )}
        <span className="min-w-0 max-lg:line-clamp-3 lg:truncate">
          Support session in <strong>{organisation.name}</strong>:{' '}
          {session.mends ? 'look and mend' : 'look only'}. {session.reason}
          {session.ticket && ` (${session.ticket})`}
        </span>
      </p>
      <div className="flex shrink-0 items-center gap-3 max-sm:w-full max-sm:justify-between">
        <span data-numeric>{left === null ? ' ' : `${left} left`}</span>
        <Link
          href={`/admin/tenants/${organisation.id}/support`}
          prefetch={false}
          className="underline"
        >
          Console
        </Link>
        <Button
          size="sm"
          className="lg:h-5.5"
          loading={pending}
          onClick={() =>
            startTransition(async () => {
              const result = await sent(() => onStop({ tenantId: organisation.id }));
              if (result?.ok === false) toast.error(result.error.message);
            })
          }
        >
          Stop
        </Button>
      </div>
    </section>
  );
}
