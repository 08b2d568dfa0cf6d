import { Compass } from 'lucide-react';
import type { Metadata } from 'next';
import { StatusPage } from '@/components/site/status-page';
import { ButtonLink } from '@/components/ui';

export const metadata: Metadata = { title: 'Not found' };

export default function NotFound() {
  return (
    <StatusPage
      icon={<Compass />}
      title="There is nothing here"
      description="The address may be wrong, or what it led to may have been removed."
      action={
        <ButtonLink href="/" variant="primary">
          Go to the start page
        </ButtonLink>
      }
    />
  );
}
