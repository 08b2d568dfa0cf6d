'use client';
import { type ReactNode, useId } from 'react';
import { cn } from './cn';
import { FieldError } from './field';

export interface RadioOption {
  value: string;
  label: ReactNode;
  description?: ReactNode;
  disabled?: boolean;
}

export interface RadioGroupProps {
  legend: ReactNode;
  hideLegend?: boolean;
  name: string;
  options: readonly RadioOption[];
  defaultValue?: string;
  value?: string;
  onValueChange?: (value: string) => void;
  required?: boolean;
  error?: string | null;
  /** Cards side by side where there is room. */
  columns?: 1 | 2;
}

/** A choice of one among few, each with a line of explanation. */
export function RadioGroup(props: RadioGroupProps) {
  const { legend, hideLegend, name, options, defaultValue, value, onValueChange, error } = props;
  const id = useId();
  return (
    <fieldset aria-describedby={error ? `${id}-error` : undefined} className="min-w-0">
      <legend className={cn('mb-1.5 font-medium text-sm', hideLegend && 'sr-only')}>
        {legend}
      </legend>
      <div className={cn('grid gap-2', props.columns === 2 && 'sm:grid-cols-2')}>
        {options.map((option) => (
          <label
            key={option.value}
            className="flex gap-2.5 rounded-lg border bg-surface p-3 transition-colors hover:border-border-strong has-checked:border-accent has-checked:bg-accent-soft has-disabled:cursor-not-allowed has-disabled:opacity-55 has-focus-visible:outline-2 has-focus-visible:outline-accent"
          >
            <input
              type="radio"
              name={name}
              value={option.value}
              disabled={option.disabled}
              required={props.required}
              {...(value === undefined
                ? { defaultChecked: option.value === defaultValue }
                : { checked: option.value === value })}
              onChange={(event) => onValueChange?.(event.target.value)}
              className="mt-0.5 size-4 shrink-0 appearance-none rounded-full border border-border-strong bg-surface checked:border-5 checked:border-accent-solid focus-visible:outline-none"
            />
            <span className="min-w-0">
              <span className="block font-medium text-sm">{option.label}</span>
              {option.description && (
                <span className="block text-muted text-xs">{option.description}</span>
              )}
            </span>
          </label>
        ))}
      </div>
      {error && (
        <div className="mt-1.5">
          <FieldError id={`${id}-error`}>{error}</FieldError>
        </div>
      )}
    </fieldset>
  );
}
