'use client';
import { TriangleAlert } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { startTransition } from 'react';
import { StatusPage } from '@/components/site/status-page';
import { Button, ButtonLink } from '@/components/ui';

interface ErrorPageProps {
  error: Error & { digest?: string };
  reset: () => void;
}

export default function ErrorPage({ error, reset }: ErrorPageProps) {
  const router = useRouter();
  // The fault was the server's: ask it again, rather than draw its last answer once more.
  const retry = () =>
    startTransition(() => {
      router.refresh();
      reset();
    });
  return (
    <StatusPage
      icon={<TriangleAlert />}
      title="Something went wrong on our side"
      description={
        <>
          Nothing you entered elsewhere is lost. Try again; if it stays, tell our support
          {error.digest ? (
            <>
              {' '}
              this number: <code className="select-all font-mono text-text">{error.digest}</code>.
            </>
          ) : (
            ' what you were doing.'
          )}
        </>
      }
      action={
        <>
          <ButtonLink href="/">Go to the start page</ButtonLink>
          <Button variant="primary" onClick={retry}>
            Try again
          </Button>
        </>
      }
    />
  );
}
