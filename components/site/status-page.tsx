import type { ReactNode } from 'react';
import { MainOrPart } from '@/components/ui';

export interface StatusPageProps {
  icon: ReactNode;
  title: string;
  description: ReactNode;
  action?: ReactNode;
}

/** A whole page that only says what became of a request. Inside a console use `EmptyState`. */
export function StatusPage({ icon, title, description, action }: StatusPageProps) {
  return (
    <MainOrPart className="flex min-h-[85dvh] flex-col items-center justify-center px-6 py-16 text-center">
      <span
        aria-hidden
        className="mb-5 flex size-12 items-center justify-center rounded-xl border bg-surface text-muted shadow-sm [&_svg]:size-6"
      >
        {icon}
      </span>
      <h1 className="font-semibold text-2xl">{title}</h1>
      <p className="mt-2 max-w-md text-pretty text-base text-muted">{description}</p>
      {action && <div className="mt-6 flex flex-wrap justify-center gap-2">{action}</div>}
    </MainOrPart>
  );
}
