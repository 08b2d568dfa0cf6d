import { Fingerprint, ScrollText, ShieldCheck } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { Logo } from '@/components/site/logo';
import { SkipLink } from './skip-link';

export interface AuthShellProps {
  title: ReactNode;
  description?: ReactNode;
  /** Under the card, e.g. the way to sign up. */
  footer?: ReactNode;
  children: ReactNode;
}

const promises = [
  {
    icon: ShieldCheck,
    title: 'Kept apart',
    text: 'The database itself refuses one organisation the rows of another.',
  },
  {
    icon: Fingerprint,
    title: 'Sealed',
    text: 'Credentials lie encrypted under a key of your organisation and open only when used.',
  },
  {
    icon: ScrollText,
    title: 'On record',
    text: 'Every change an automation makes outside is written down before it happens.',
  },
];

/** The frame of signing in, signing up and accepting an invitation. */
export function AuthShell({ title, description, footer, children }: AuthShellProps) {
  return (
    <div className="grid min-h-dvh grid-cols-[minmax(0,1fr)] lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
      <SkipLink />
      <div className="flex flex-col px-5 py-6 sm:px-10">
        <header className="flex">
          <Link href="/" className="flex rounded-md">
            <Logo />
            <span className="sr-only">, to the start page</span>
          </Link>
        </header>
        <main
          id="main"
          tabIndex={-1}
          className="flex flex-1 flex-col justify-center py-10 outline-none"
        >
          <div className="mx-auto w-full max-w-sm">
            <h1 className="font-semibold text-2xl">{title}</h1>
            {description && (
              <p className="wrap-anywhere mt-1.5 text-base text-muted">{description}</p>
            )}
            <div className="mt-7">{children}</div>
            {footer && <div className="mt-7 text-muted text-sm">{footer}</div>}
          </div>
        </main>
      </div>
      <aside
        aria-label="About Tenantry"
        className="relative hidden flex-col justify-center overflow-hidden bg-brand px-12 text-on-brand lg:flex xl:px-20"
      >
        <Rooms />
        <div className="relative max-w-md">
          <p className="text-balance font-semibold text-3xl">One organisation, one room.</p>
          <ul className="mt-10 space-y-7">
            {promises.map((promise) => (
              <li key={promise.title} className="flex gap-4">
                <span className="flex size-9 shrink-0 items-center justify-center rounded-lg border border-brand-line">
                  <promise.icon aria-hidden className="size-4.5" />
                </span>
                <div>
                  <p className="font-semibold text-base">{promise.title}</p>
                  <p className="mt-0.5 text-pretty text-base text-on-brand-muted">{promise.text}</p>
                </div>
              </li>
            ))}
          </ul>
        </div>
      </aside>
    </div>
  );
}

/** A plan of rooms, each with its own walls; one of them lit. Decorative. */
function Rooms() {
  return (
    <svg
      aria-hidden="true"
      viewBox="0 0 600 900"
      preserveAspectRatio="xMaxYMin slice"
      className="absolute inset-0 size-full opacity-50"
    >
      <g className="fill-none stroke-brand-line" strokeWidth="1.5">
        <rect x="310" y="-20" width="130" height="150" rx="10" />
        <rect x="456" y="-20" width="170" height="96" rx="10" />
        <rect x="456" y="92" width="170" height="130" rx="10" />
        <rect x="310" y="146" width="130" height="76" rx="10" />
        <rect x="226" y="-20" width="68" height="96" rx="10" />
        <rect x="520" y="238" width="110" height="84" rx="10" />
      </g>
      <rect x="456" y="92" width="170" height="130" rx="10" className="fill-brand-line" />
    </svg>
  );
}
