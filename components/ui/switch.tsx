'use client';
import { type ComponentProps, type ReactNode, useId } from 'react';
import { cn } from './cn';

export interface SwitchProps extends Omit<ComponentProps<'input'>, 'type' | 'role'> {
  /** Left of the switch. Without it the switch needs an `aria-label`. */
  label?: ReactNode;
  description?: ReactNode;
}

/** On or off, at once: for a setting that takes effect when it is moved. */
export function Switch({ label, description, className, id, ...rest }: SwitchProps) {
  const own = useId();
  const inputId = id ?? own;
  return (
    <span className={cn('flex items-start justify-between gap-4', className)}>
      {label && (
        <span className="min-w-0">
          <label htmlFor={inputId} className="cursor-pointer font-medium text-sm">
            {label}
          </label>
          {description && (
            <span id={`${inputId}-description`} className="block text-muted text-xs">
              {description}
            </span>
          )}
        </span>
      )}
      <span className="relative inline-flex shrink-0 items-center">
        <input
          type="checkbox"
          // biome-ignore lint/a11y/useAriaPropsForRole: a checkbox tells its own state
          role="switch"
          id={inputId}
          aria-describedby={description ? `${inputId}-description` : undefined}
          {...rest}
          className="peer h-5 w-9 cursor-pointer appearance-none rounded-full border border-border-strong bg-sunken transition-colors checked:border-accent-solid checked:bg-accent-solid disabled:cursor-not-allowed disabled:opacity-55"
        />
        <span
          aria-hidden
          className="pointer-events-none absolute left-0.75 size-3.5 rounded-full bg-faint transition-transform peer-checked:translate-x-4 peer-checked:bg-on-solid forced-colors:bg-[ButtonText]"
        />
      </span>
    </span>
  );
}
