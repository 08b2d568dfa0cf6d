'use client';
import { Check } from 'lucide-react';
import { type ComponentProps, type ReactNode, useId } from 'react';
import { cn } from './cn';
import { useFieldControl } from './field-context';

export interface CheckboxProps extends Omit<ComponentProps<'input'>, 'type'> {
  /** Right of the box. Without it the box needs an `aria-label`. */
  label?: ReactNode;
  description?: ReactNode;
}

/** Yes or no, as part of a form. */
export function Checkbox({ label, description, className, ...rest }: CheckboxProps) {
  const own = useId();
  const props = useFieldControl({ ...rest, id: rest.id ?? own });
  return (
    <span className={cn('flex items-start gap-2.5', className)}>
      <span className="relative flex h-5.5 shrink-0 items-center">
        <input
          type="checkbox"
          {...props}
          aria-describedby={description ? `${props.id}-description` : props['aria-describedby']}
          className="peer size-4 cursor-pointer appearance-none rounded-sm border border-border-strong bg-surface shadow-xs transition-colors checked:border-accent-solid checked:bg-accent-solid hover:border-faint disabled:cursor-not-allowed disabled:opacity-55 aria-invalid:border-danger dark:bg-sunken"
        />
        <Check
          aria-hidden
          strokeWidth={3}
          className="pointer-events-none invisible absolute left-0.5 size-3 text-on-solid peer-checked:visible"
        />
      </span>
      {label && (
        <span className="min-w-0">
          <label htmlFor={props.id} className="cursor-pointer text-sm text-text">
            {label}
          </label>
          {description && (
            <span id={`${props.id}-description`} className="block text-muted text-xs">
              {description}
            </span>
          )}
        </span>
      )}
    </span>
  );
}
