import { ChevronRight } from 'lucide-react';
import Link from 'next/link';

export interface Crumb {
  label: string;
  href: string;
}

/** Where one is, from the section down; the page's own title follows as its heading. */
export function Breadcrumbs({ items }: { items: readonly Crumb[] }) {
  return (
    <nav aria-label="Breadcrumb">
      <ol className="flex flex-wrap items-center gap-1 text-muted text-xs">
        {items.map((item) => (
          <li key={item.href} className="flex items-center gap-1">
            <Link href={item.href} className="rounded-sm hover:text-text hover:underline">
              {item.label}
            </Link>
            <ChevronRight aria-hidden className="size-3 text-faint" />
          </li>
        ))}
      </ol>
    </nav>
  );
}
