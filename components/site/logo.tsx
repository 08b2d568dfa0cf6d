import { cn } from '@/components/ui';

/** The mark: two rooms under one roof, with a wall between them. */
export function LogoMark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" className={cn('size-6 shrink-0', className)}>
      <rect width="24" height="24" rx="6" className="fill-accent-solid" />
      <path d="M6 6.5h12v3H6z" className="fill-on-solid" />
      <path d="M6 11h4.75v6.5H6z" className="fill-on-solid" opacity="0.92" />
      <path d="M13.25 11H18v6.5h-4.75z" className="fill-on-solid" opacity="0.62" />
    </svg>
  );
}

/** Mark and name. `href`-less: wrap it in a link where it is one. */
export function Logo({ className }: { className?: string }) {
  return (
    <span className={cn('inline-flex items-center gap-2.5', className)}>
      <LogoMark />
      <span className="font-semibold text-lg tracking-tight">Tenantry</span>
    </span>
  );
}
