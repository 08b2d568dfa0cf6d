'use client';
import { X } from 'lucide-react';
import { Dialog as Primitive } from 'radix-ui';
import { useRef } from 'react';
import { Button } from './button';
import { cn } from './cn';

/**
 * The cross of a dialog or sheet. No tooltip: it would take the first Esc for itself.
 */
export function CloseCross({ label = 'Close', className }: { label?: string; className?: string }) {
  return (
    <Primitive.Close asChild>
      <Button aria-label={label} variant="ghost" size="sm" className={cn('w-7 px-0', className)}>
        <X aria-hidden />
      </Button>
    </Primitive.Close>
  );
}

/** Puts the focus into the first field of what opened, else on the panel itself: not on its cross. */
export function focusFirstField(event: Event): void {
  const panel = event.currentTarget as HTMLElement | null;
  event.preventDefault();
  const field = panel?.querySelector<HTMLElement>(
    'input:not([type="hidden"]):not(:disabled), select:not(:disabled), textarea:not(:disabled)',
  );
  (field ?? panel)?.focus();
}

/** What somebody pressed to open an overlay; of an item in a menu, the button of the menu. */
function originOf(element: Element | null): HTMLElement | null {
  const menu = element?.closest('[role="menu"]')?.getAttribute('aria-labelledby');
  const origin = menu ? document.getElementById(menu) : element;
  return origin instanceof HTMLElement && origin !== document.body ? origin : null;
}

/**
 * Gives the focus back when an overlay closes. The library does so only where it knows the trigger,
 * and lets it fall to the start of the page where a menu or a row has opened one.
 */
export function useFocusReturn() {
  const origin = useRef<HTMLElement | null>(null);
  return {
    remember: () => {
      origin.current = originOf(document.activeElement);
    },
    giveBack: (event: Event) => {
      if (!origin.current?.isConnected) return;
      event.preventDefault();
      origin.current.focus();
    },
  };
}
