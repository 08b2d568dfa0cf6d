'use client';
import { Search } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { Kbd } from '@/components/ui';

/** Asks the palette to open: it is mounted once, its button also in the drawer. */
export const paletteEvent = 'tenantry:palette';

const never = () => () => undefined;

/** Opens the command palette, and teaches its shortcut. */
export function CommandButton() {
  const apple = useSyncExternalStore(
    never,
    () => /Mac|iPhone|iPad/.test(navigator.userAgent),
    () => false,
  );
  return (
    <button
      type="button"
      onClick={() => window.dispatchEvent(new Event(paletteEvent))}
      className="flex h-8 w-full items-center gap-2.5 rounded-md border bg-surface px-2 text-muted text-sm shadow-xs transition-colors hover:border-border-strong hover:text-text pointer-coarse:h-10"
    >
      <Search aria-hidden className="size-4 shrink-0 text-faint" />
      <span className="flex-1 text-left">Go to…</span>
      <Kbd>{apple ? '⌘' : 'Ctrl'} K</Kbd>
    </button>
  );
}
