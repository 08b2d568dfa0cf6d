'use client';
import { TriangleAlert } from 'lucide-react';
import { StatusPage } from '@/components/site/status-page';
import { Button } from '@/components/ui';
import './globals.css';

/** Stands in for the root layout when that itself fails: no providers, no theme choice. */
export default function GlobalError({ reset }: { reset: () => void }) {
  return (
    <html lang="en">
      <body>
        <title>Something went wrong · Tenantry</title>
        <StatusPage
          icon={<TriangleAlert />}
          title="Something went wrong on our side"
          description="The page could not be shown. Try again in a moment."
          action={
            <Button variant="primary" onClick={reset}>
              Try again
            </Button>
          }
        />
      </body>
    </html>
  );
}
