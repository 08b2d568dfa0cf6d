'use client';
import type { LucideIcon } from 'lucide-react';
import Link, { useLinkStatus } from 'next/link';
import { usePathname } from 'next/navigation';
import { cn, Spinner } from '@/components/ui';
import { currentPlace, type NavItem, places } from './navigation';

export interface NavListProps {
  label: string;
  items: readonly NavItem[];
  onNavigate?: () => void;
}

/** The sections of a console, the current one marked. */
export function NavList({ label, items, onNavigate }: NavListProps) {
  const current = currentPlace(items, usePathname());
  return (
    <nav aria-label={label}>
      <ul className="flex flex-col gap-px">
        {items.map(({ id, href, count }) => {
          const place = places[id];
          return (
            <li key={id}>
              <Link
                href={href ?? place.href}
                onClick={onNavigate}
                aria-current={id === current ? 'page' : undefined}
                className={cn(
                  'group flex h-8 items-center gap-2.5 rounded-md px-2 font-medium text-muted text-sm transition-colors pointer-coarse:h-10',
                  'hover:bg-hover hover:text-text',
                  'aria-[current=page]:bg-active aria-[current=page]:text-text',
                )}
              >
                <PlaceIcon icon={place.icon} />
                <span className="min-w-0 flex-1 truncate">{place.label}</span>
                {count !== undefined && count > 0 && (
                  <span
                    data-numeric
                    className="rounded-full bg-accent-soft px-1.5 font-medium text-2xs text-accent"
                  >
                    {count > 50 ? '50+' : count}
                    <span className="sr-only"> waiting</span>
                  </span>
                )}
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

/** Turns while the page is on its way: pages answer with their status, so they show no skeleton. */
function PlaceIcon({ icon: Icon }: { icon: LucideIcon }) {
  const { pending } = useLinkStatus();
  if (pending) return <Spinner className="text-accent" />;
  return (
    <Icon
      aria-hidden
      className="size-4 shrink-0 text-faint group-hover:text-muted group-aria-[current=page]:text-accent"
    />
  );
}
