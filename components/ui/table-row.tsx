'use client';
import { useRouter } from 'next/navigation';
import type { MouseEvent, ReactNode } from 'react';
import { cn } from './cn';

const interactive = 'a, button, input, select, textarea, label, summary, [role="menuitem"]';

/** A row whose whole surface follows the link in it, for the mouse only; keys use the link itself. */
export function TableRow({ href, children }: { href?: string; children: ReactNode }) {
  const router = useRouter();

  function follow(event: MouseEvent<HTMLTableRowElement>) {
    if (!href || (event.target as Element).closest(interactive)) return;
    // Marking text in a row is not a press on it.
    if (window.getSelection()?.isCollapsed === false) return;
    if (event.metaKey || event.ctrlKey) window.open(href, '_blank', 'noopener');
    else router.push(href);
  }

  return (
    <tr
      // biome-ignore lint/a11y/noRedundantRoles: lost when laid out as blocks
      role="row"
      onClick={href ? follow : undefined}
      className={cn(
        'border-b last:border-b-0 max-md:relative max-md:block max-md:py-2.5',
        href && 'cursor-pointer transition-colors hover:bg-hover',
      )}
    >
      {children}
    </tr>
  );
}
