'use client';
import type { ComponentProps, ReactNode } from 'react';
import { cn } from './cn';
import { controlStyles } from './control';
import { useFieldControl } from './field-context';

export interface InputProps extends ComponentProps<'input'> {
  /** Inside the box on the left, e.g. a search glass. Decorative. */
  icon?: ReactNode;
  /** Inside the box on the right, e.g. a `Kbd` or a unit. */
  suffix?: ReactNode;
}

/** One line of text. Inside a `Field` it takes its id, name and error from there. */
export function Input({ icon, suffix, className, type = 'text', ...rest }: InputProps) {
  const props = useFieldControl(rest);
  const input = (
    <input
      type={type}
      {...props}
      className={cn(
        controlStyles,
        'h-8 read-only:bg-sunken pointer-coarse:h-10',
        icon && 'pl-8',
        suffix && 'pr-10',
        className,
      )}
    />
  );
  if (!icon && !suffix) return input;
  return (
    <span className="relative block w-full">
      {icon && (
        <span
          aria-hidden
          className="pointer-events-none absolute inset-y-0 left-2.5 flex items-center text-faint [&_svg]:size-4"
        >
          {icon}
        </span>
      )}
      {input}
      {suffix && (
        <span className="absolute inset-y-0 right-2 flex items-center text-muted text-xs">
          {suffix}
        </span>
      )}
    </span>
  );
}
