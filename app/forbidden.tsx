import { Lock } from 'lucide-react';
import type { Metadata } from 'next';
import { StatusPage } from '@/components/site/status-page';
import { ButtonLink } from '@/components/ui';

export const metadata: Metadata = { title: 'Not allowed' };

export default function Forbidden() {
  return (
    <StatusPage
      icon={<Lock />}
      title="Your role does not allow this"
      description="An owner or admin of your organisation can do it, or give you a role that may."
      action={
        <ButtonLink href="/overview" variant="primary">
          Go to the overview
        </ButtonLink>
      }
    />
  );
}
