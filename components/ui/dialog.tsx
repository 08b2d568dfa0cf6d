'use client';
import { Dialog as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';
import { cn } from './cn';
import { dialogPanel, overlay } from './overlay';
import { CloseCross, focusFirstField, useFocusReturn } from './overlay-parts';

export interface DialogProps {
  title: ReactNode;
  description?: ReactNode;
  /** The button that opens it. Leave out when `open` is controlled. */
  trigger?: ReactNode;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  size?: 'sm' | 'md' | 'lg';
  /** Buttons at the bottom; the primary one last. */
  footer?: ReactNode;
  children?: ReactNode;
}

const widths = { sm: 'max-w-sm', md: 'max-w-lg', lg: 'max-w-3xl' };

/** A question or a short task over the page. Esc and a press outside close it. */
export function Dialog(props: DialogProps) {
  const { title, description, trigger, open, onOpenChange, size = 'md', footer, children } = props;
  const focus = useFocusReturn();
  return (
    <Primitive.Root open={open} onOpenChange={onOpenChange}>
      {trigger && <Primitive.Trigger asChild>{trigger}</Primitive.Trigger>}
      <Primitive.Portal>
        <Primitive.Overlay className={overlay} />
        <Primitive.Content
          {...(description ? {} : { 'aria-describedby': undefined })}
          onOpenAutoFocus={(event) => {
            focus.remember();
            focusFirstField(event);
          }}
          onCloseAutoFocus={focus.giveBack}
          className={cn(dialogPanel, widths[size])}
        >
          <header className="flex items-start justify-between gap-4 px-5 pt-4.5 pb-3">
            <div className="min-w-0">
              <Primitive.Title className="font-semibold text-lg">{title}</Primitive.Title>
              {description && (
                <Primitive.Description className="mt-1 text-muted text-sm">
                  {description}
                </Primitive.Description>
              )}
            </div>
            <CloseCross className="-mt-0.5 -mr-1.5" />
          </header>
          {children && <div className="min-h-0 overflow-y-auto px-5 pb-5">{children}</div>}
          {footer && (
            <footer className="flex flex-wrap justify-end gap-2 rounded-b-xl border-t bg-sunken/60 px-5 py-3">
              {footer}
            </footer>
          )}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

/** Closes the surrounding dialog or sheet; wraps one button. */
export function DialogClose({ children }: { children: ReactNode }) {
  return <Primitive.Close asChild>{children}</Primitive.Close>;
}
