'use client';
import { Tooltip as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';

export interface TooltipProps {
  /** A few words; more than that belongs on the page. */
  label: ReactNode;
  side?: 'top' | 'right' | 'bottom' | 'left';
  /** The control it explains. It keeps its own accessible name. */
  children: ReactNode;
}

/** A short explanation on hover and keyboard focus. */
export function Tooltip({ label, side = 'top', children }: TooltipProps) {
  return (
    <Primitive.Root>
      <Primitive.Trigger asChild>{children}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className="z-50 max-w-64 rounded-md bg-text px-2 py-1 text-background text-xs shadow-md data-[state=closed]:animate-fade-out data-[state=delayed-open]:animate-fade-in"
        >
          {label}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

export const TooltipProvider = Primitive.Provider;
