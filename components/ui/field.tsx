'use client';
import { CircleAlert } from 'lucide-react';
import { type ReactNode, useContext, useId } from 'react';
import { cn } from './cn';
import { FieldContext } from './field-context';
import { FormContext } from './form-context';
import { Label } from './label';

export interface FieldProps {
  label: ReactNode;
  /** Name of the form value. Inside a `Form` the server's error for it is shown here. */
  name?: string;
  /** What to enter, or what it is for. Stays while there is an error. */
  hint?: ReactNode;
  /** Overrides the error of the surrounding `Form`. */
  error?: string | null;
  required?: boolean;
  /** Marks the label `optional`. */
  optional?: boolean;
  /** Keeps the label for screen readers only. */
  hideLabel?: boolean;
  className?: string;
  /** One `Input`, `Textarea`, `Select`, `Combobox`. */
  children: ReactNode;
}

/** A labelled control with its hint and error, wired together for assistive technology. */
export function Field(props: FieldProps) {
  const { label, name, hint, required = false, optional, hideLabel, className, children } = props;
  const id = useId();
  const { fields } = useContext(FormContext);
  const error = props.error ?? (name ? fields[name] : undefined);
  const describedBy =
    [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(' ') || undefined;

  return (
    <div className={cn('flex min-w-0 flex-col gap-1.5', className)}>
      <Label htmlFor={id} optional={optional} className={hideLabel ? 'sr-only' : undefined}>
        {label}
      </Label>
      <FieldContext value={{ id, name, describedBy, invalid: Boolean(error), required }}>
        {children}
      </FieldContext>
      {error && <FieldError id={`${id}-error`}>{error}</FieldError>}
      {hint && (
        <p id={`${id}-hint`} className="text-muted text-xs">
          {hint}
        </p>
      )}
    </div>
  );
}

/** The message under a control that could not be accepted. */
export function FieldError({ id, children }: { id?: string; children: ReactNode }) {
  return (
    <p id={id} className="flex items-start gap-1.5 text-danger text-xs">
      <CircleAlert aria-hidden className="mt-0.5 size-3.5 shrink-0" />
      <span>{children}</span>
    </p>
  );
}
