import Link from 'next/link';
import type { ReactNode } from 'react';
import { SkipLink } from '@/components/shell';
import { Logo } from '@/components/site/logo';

export interface ReconsentShellProps {
  title: ReactNode;
  description?: ReactNode;
  children: ReactNode;
}

/** The frame of a page for somebody who has no account here. */
export function ReconsentShell({ title, description, children }: ReconsentShellProps) {
  return (
    <div className="flex min-h-dvh flex-col px-5 py-6 sm:px-10">
      <SkipLink />
      <Link href="/" className="flex self-start rounded-md">
        <Logo />
        <span className="sr-only">, to the start page</span>
      </Link>
      <main
        id="main"
        tabIndex={-1}
        className="mx-auto flex w-full max-w-xl flex-1 flex-col justify-center py-10 outline-none"
      >
        <h1 className="text-balance font-semibold text-2xl">{title}</h1>
        {description && <p className="mt-2 text-pretty text-base text-muted">{description}</p>}
        <div className="mt-7 grid gap-6">{children}</div>
      </main>
    </div>
  );
}
