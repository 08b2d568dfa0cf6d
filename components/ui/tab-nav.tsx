'use client';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
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
  return (
    <nav aria-label={label}>
      <ul className={tabList}>
        {items.map((item) => {
          const current = item.current ?? pathname === item.href;
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
