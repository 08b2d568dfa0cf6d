'use client';
import { X } from 'lucide-react';
import { Dialog as Primitive } from 'radix-ui';
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
