'use client';
import {
  type ComponentProps,
  type ReactNode,
  startTransition,
  useActionState,
  useContext,
  useEffect,
  useRef,
} from 'react';
import type { ActionResult, PublicErrorShape } from '@/lib/errors/contract';
import { Button, type ButtonProps } from './button';
import { Callout } from './callout';
import { cn } from './cn';
import { FormContext } from './form-context';
import { formValues } from './form-values';
import { sent } from './sent';

export interface FormProps<Input, Data>
  extends Omit<ComponentProps<'form'>, 'action' | 'onSubmit' | 'onReset'> {
  /** A server action; it checks its input itself. */
  action: (input: Input) => Promise<ActionResult<Data>>;
  /** Makes the action's input of the form's values; `formValues` when left out. */
  read?: (data: FormData) => Input;
  /** After the action succeeded, once. */
  onSuccess?: (data: Data) => void;
  /** After it failed, once: tells of it in place of the notice above the form. */
  onFailure?: (error: PublicErrorShape) => void;
  children: ReactNode;
}

/**
 * A form around a server action. Errors by field appear at their `Field`, others above the form;
 * the first wrong field gets the focus, and nothing that was typed is lost. Sent before the page is
 * alive, it is kept until it is.
 */
export function Form<Input, Data>(props: FormProps<Input, Data>) {
  const { action, read, onSuccess, onFailure, className, children, ...rest } = props;
  const form = useRef<HTMLFormElement>(null);
  const sending = useRef(false);
  const keepsTyped = useRef(false);
  const [result, submit, pending] = useActionState(
    async (_before: ActionResult<Data> | null, data: FormData) => {
      // The server's schema decides; the cast only names what it will check.
      const answer = await sent(() =>
        action(read ? read(data) : (formValues(data) as Input)),
      ).finally(() => {
        sending.current = false;
      });
      if (answer?.ok) onSuccess?.(answer.data);
      else if (answer) onFailure?.(answer.error);
      return answer ?? null;
    },
    null,
  );
  const error = result?.ok === false && !onFailure ? result.error : null;

  function send(data: FormData) {
    // Several presses are one, also those that are only now made good.
    if (pending || sending.current) return;
    sending.current = true;
    startTransition(() => submit(data));
  }

  useEffect(() => {
    if (error) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [error]);

  return (
    <form
      ref={form}
      noValidate
      // For what is sent before the page is alive: React keeps it, and makes it good here. Without it
      // the browser itself would send the form, with all that is in it, as an address.
      action={(data) => {
        keepsTyped.current = true;
        send(data);
      }}
      // React empties a form after its `action`; submitting by hand keeps what was typed.
      onSubmit={(event) => {
        event.preventDefault();
        const { submitter } = event.nativeEvent as SubmitEvent;
        send(new FormData(event.currentTarget, submitter));
      }}
      onReset={(event) => {
        if (keepsTyped.current) event.preventDefault();
        keepsTyped.current = false;
      }}
      className={cn('flex flex-col gap-4', className)}
      {...rest}
    >
      {error && (
        <Callout tone="danger" title={error.message} role="alert">
          {error.code === 'internal' && `Request id: ${error.requestId}`}
        </Callout>
      )}
      <FormContext value={{ pending, fields: error?.fields ?? {} }}>{children}</FormContext>
    </form>
  );
}

/** The button that sends the surrounding `Form`; busy while it is under way. */
export function SubmitButton({ variant = 'primary', loading, ...rest }: ButtonProps) {
  const { pending } = useContext(FormContext);
  return <Button type="submit" variant={variant} loading={loading || pending} {...rest} />;
}
