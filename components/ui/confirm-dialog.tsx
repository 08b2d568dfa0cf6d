'use client';
import { AlertDialog as Primitive } from 'radix-ui';
import { type ReactNode, useId, useState, useTransition } from 'react';
import type { ActionResult } from '@/lib/errors/contract';
import { Button } from './button';
import { Callout } from './callout';
import { cn } from './cn';
import { Input } from './input';
import { dialogPanel, overlay } from './overlay';
import { useFocusReturn } from './overlay-parts';
import { sent } from './sent';

export interface ConfirmDialogProps {
  title: ReactNode;
  description: ReactNode;
  /** What will follow, one line each. */
  consequences?: readonly string[];
  /** The exact text to type before the button opens, e.g. the organisation's name. */
  confirmText?: string;
  /** The verb, e.g. `Disconnect`. Never `OK`. */
  confirmLabel: string;
  tone?: 'danger' | 'primary';
  trigger?: ReactNode;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  /** Does it; the dialog stays, locked, until it is done. An error is shown in place. */
  onConfirm: () => Promise<ActionResult<unknown> | undefined>;
}

/** Asks before something that is hard to undo. Cannot be dismissed while it is under way. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const {
    title,
    description,
    consequences = [],
    confirmText,
    confirmLabel,
    tone = 'danger',
  } = props;
  const [ownOpen, setOwnOpen] = useState(false);
  const [typed, setTyped] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const [pending, startTransition] = useTransition();
  const inputId = useId();
  const focus = useFocusReturn();
  const open = props.open ?? ownOpen;

  function change(next: boolean) {
    if (pending) return;
    setTyped('');
    setFault(null);
    setOwnOpen(next);
    props.onOpenChange?.(next);
  }

  function confirm() {
    startTransition(async () => {
      const result = await sent(props.onConfirm);
      if (result?.ok === false) return setFault(result.error.message);
      setTyped('');
      setFault(null);
      setOwnOpen(false);
      props.onOpenChange?.(false);
    });
  }

  const locked = confirmText !== undefined && typed.trim() !== confirmText;
  return (
    <Primitive.Root open={open} onOpenChange={change}>
      {props.trigger && <Primitive.Trigger asChild>{props.trigger}</Primitive.Trigger>}
      <Primitive.Portal>
        <Primitive.Overlay className={overlay} />
        <Primitive.Content
          onOpenAutoFocus={focus.remember}
          onCloseAutoFocus={focus.giveBack}
          className={cn(dialogPanel, 'max-w-md')}
        >
          <div className="min-h-0 overflow-y-auto px-5 py-4.5">
            <Primitive.Title className="font-semibold text-lg">{title}</Primitive.Title>
            <Primitive.Description className="mt-1 text-muted text-sm">
              {description}
            </Primitive.Description>
            {consequences.length > 0 && (
              <ul className="mt-3 list-disc space-y-1 pl-5 text-sm marker:text-faint">
                {consequences.map((consequence) => (
                  <li key={consequence}>{consequence}</li>
                ))}
              </ul>
            )}
            {confirmText !== undefined && (
              <div className="mt-4 flex flex-col gap-1.5">
                <label htmlFor={inputId} className="text-sm">
                  Type <strong className="select-all font-semibold">{confirmText}</strong> to
                  confirm
                </label>
                <Input
                  id={inputId}
                  value={typed}
                  autoComplete="off"
                  spellCheck={false}
                  disabled={pending}
                  onChange={(event) => setTyped(event.target.value)}
                />
              </div>
            )}
            {fault && <Callout tone="danger" role="alert" title={fault} className="mt-4" />}
          </div>
          <footer className="flex justify-end gap-2 rounded-b-xl border-t bg-sunken/60 px-5 py-3">
            <Primitive.Cancel asChild>
              <Button disabled={pending}>Cancel</Button>
            </Primitive.Cancel>
            <Button variant={tone} loading={pending} disabled={locked} onClick={confirm}>
              {confirmLabel}
            </Button>
          </footer>
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
