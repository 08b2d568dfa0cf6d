'use client';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useEffect, useRef } from 'react';
import { cn } from './cn';
import { TabCount, tabList, tabLook } from './tabs';

export interface TabNavItem {
  label: string;
  href: string;
  count?: number;
  /** Decides that it is the current one, where the path alone does not, e.g. for `?state=failed`. */
  current?: boolean;
}

/** Tabs that are pages of their own, or filters kept in the address. */
export function TabNav({ label, items }: { label: string; items: readonly TabNavItem[] }) {
  const pathname = usePathname();
  const list = useRef<HTMLUListElement>(null);
  const here = items.find((item) => item.current ?? pathname === item.href)?.href;
  // Where not all fit side by side, the one that one is on has to be in sight.
  useEffect(() => {
    const tab = here && list.current?.querySelector<HTMLElement>('[aria-current=page]');
    if (!tab || !list.current) return;
    const { offsetLeft, offsetWidth } = tab;
    list.current.scrollLeft = offsetLeft - (list.current.clientWidth - offsetWidth) / 2;
  }, [here]);
  return (
    <nav aria-label={label}>
      <ul ref={list} className={cn(tabList, 'relative')}>
        {items.map((item) => {
          const current = item.href === here;
          return (
            <li key={item.href} className="flex shrink-0">
              <Link
                href={item.href}
                aria-current={current ? 'page' : undefined}
                className={tabLook}
              >
                {item.label}
                <TabCount count={item.count} />
              </Link>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
