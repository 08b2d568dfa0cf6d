import type { ComponentProps } from 'react';
import { cn } from './cn';

export interface LabelProps extends ComponentProps<'label'> {
  optional?: boolean;
}

export function Label({ optional, className, children, ...rest }: LabelProps) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the caller gives `htmlFor`
    <label className={cn('font-medium text-sm text-text', className)} {...rest}>
      {children}
      {optional && <span className="ml-1.5 font-normal text-muted text-xs">optional</span>}
    </label>
  );
}
