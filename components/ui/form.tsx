'use client';
import { unstable_rethrow } from 'next/navigation';
import {
  type ComponentProps,
  type ReactNode,
  startTransition,
  useActionState,
  useContext,
  useEffect,
  useRef,
} from 'react';
import type { ActionResult } from '@/lib/errors/contract';
import { Button, type ButtonProps } from './button';
import { Callout } from './callout';
import { cn } from './cn';
import { FormContext } from './form-context';
import { formValues } from './form-values';

export interface FormProps<Input, Data>
  extends Omit<ComponentProps<'form'>, 'action' | 'onSubmit'> {
  /** A server action; it checks its input itself. */
  action: (input: Input) => Promise<ActionResult<Data>>;
  /** Makes the action's input of the form's values; `formValues` when left out. */
  read?: (data: FormData) => Input;
  /** After the action succeeded, once. */
  onSuccess?: (data: Data) => void;
  children: ReactNode;
}

/**
 * A form around a server action. Errors by field appear at their `Field`, others above the form;
 * the first wrong field gets the focus, and nothing that was typed is lost.
 */
export function Form<Input, Data>(props: FormProps<Input, Data>) {
  const { action, read, onSuccess, className, children, ...rest } = props;
  const form = useRef<HTMLFormElement>(null);
  const [result, submit, pending] = useActionState(
    async (_before: ActionResult<Data> | null, data: FormData) => {
      // The server's schema decides; the cast only names what it will check.
      const answer = await sent(() => action(read ? read(data) : (formValues(data) as Input)));
      if (answer?.ok) onSuccess?.(answer.data);
      return answer ?? null;
    },
    null,
  );
  const error = result?.ok === false ? result.error : null;

  useEffect(() => {
    if (error) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [error]);

  return (
    <form
      ref={form}
      noValidate
      // React empties a form after its `action`; submitting by hand keeps what was typed.
      onSubmit={(event) => {
        event.preventDefault();
        const { submitter } = event.nativeEvent as SubmitEvent;
        const data = new FormData(event.currentTarget, submitter);
        if (!pending) startTransition(() => submit(data));
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

/** What the server says; an answer that never came is an error like others, and the form stays. */
async function sent<Data>(send: () => Promise<ActionResult<Data>>): Promise<ActionResult<Data>> {
  try {
    return await send();
  } catch (thrown) {
    // Being led elsewhere travels as an exception of the framework.
    unstable_rethrow(thrown);
    const message = 'This could not be sent. Nothing you entered is lost; please try again.';
    return { ok: false, error: { code: 'unavailable', message, requestId: '' } };
  }
}

/** The button that sends the surrounding `Form`; busy while it is under way. */
export function SubmitButton({ variant = 'primary', loading, ...rest }: ButtonProps) {
  const { pending } = useContext(FormContext);
  return <Button type="submit" variant={variant} loading={loading || pending} {...rest} />;
}
