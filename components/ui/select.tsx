'use client';
import { ChevronDown } from 'lucide-react';
import type { ComponentProps } from 'react';
import { cn } from './cn';
import { controlStyles } from './control';
import { useFieldControl } from './field-context';

export interface SelectOption {
  value: string;
  label: string;
  disabled?: boolean;
}

export interface SelectProps extends ComponentProps<'select'> {
  /** Or give `<option>` and `<optgroup>` as children. */
  options?: readonly SelectOption[];
  /** Shown while nothing is chosen. */
  placeholder?: string;
}

/** A choice of one. The browser's own select: it works in forms, on touch and without script. */
export function Select({ options, placeholder, className, children, ...rest }: SelectProps) {
  const props = useFieldControl(rest);
  const unchosen = placeholder !== undefined && props.value === undefined;
  return (
    <span className={cn('relative block w-full', className)}>
      <select
        {...(unchosen ? { defaultValue: props.defaultValue ?? '' } : {})}
        {...props}
        className={cn(
          controlStyles,
          'tenantry-select h-8 appearance-none truncate pr-8 pointer-coarse:h-10',
        )}
      >
        {placeholder !== undefined && (
          <option value="" disabled={props.required}>
            {placeholder}
          </option>
        )}
        {options?.map((option) => (
          <option key={option.value} value={option.value} disabled={option.disabled}>
            {option.label}
          </option>
        ))}
        {children}
      </select>
      <ChevronDown
        aria-hidden
        className="pointer-events-none absolute top-1/2 right-2.5 size-4 -translate-y-1/2 text-faint"
      />
    </span>
  );
}
