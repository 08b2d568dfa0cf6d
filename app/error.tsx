'use client';
import { TriangleAlert } from 'lucide-react';
import { StatusPage } from '@/components/site/status-page';
import { Button, ButtonLink } from '@/components/ui';

interface ErrorPageProps {
  error: Error & { digest?: string };
  reset: () => void;
}

export default function ErrorPage({ error, reset }: ErrorPageProps) {
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
          <Button variant="primary" onClick={reset}>
            Try again
          </Button>
        </>
      }
    />
  );
}
