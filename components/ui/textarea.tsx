'use client';
import type { ComponentProps } from 'react';
import { cn } from './cn';
import { controlStyles } from './control';
import { useFieldControl } from './field-context';

/** Several lines of text; grows with what is typed where the browser can. */
export function Textarea({ className, rows = 3, ...rest }: ComponentProps<'textarea'>) {
  const props = useFieldControl(rest);
  return (
    <textarea
      rows={rows}
      {...props}
      className={cn(
        controlStyles,
        'field-sizing-content max-h-96 min-h-18 py-1.5 read-only:bg-sunken',
        className,
      )}
    />
  );
}
