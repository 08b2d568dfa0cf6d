'use client';
import type { ReactNode } from 'react';
import { Button, type ButtonProps } from './button';
import { cn } from './cn';
import { Tooltip, type TooltipProps } from './tooltip';

export interface IconButtonProps
  extends Omit<ButtonProps, 'icon' | 'iconEnd' | 'children' | 'block'> {
  /** Its accessible name, and the tooltip. */
  label: string;
  icon: ReactNode;
  tooltipSide?: TooltipProps['side'];
}

const square = {
  sm: 'w-7 px-0 pointer-coarse:w-9',
  md: 'w-8 px-0 pointer-coarse:w-10',
  lg: 'w-10 px-0 pointer-coarse:w-11',
};

/** A square button with an icon only, named for screen readers and by a tooltip. */
export function IconButton(props: IconButtonProps) {
  const { label, icon, tooltipSide, size, variant = 'ghost', className, ...rest } = props;
  return (
    <Tooltip label={label} side={tooltipSide}>
      <Button
        aria-label={label}
        variant={variant}
        size={size}
        className={cn(square[size ?? 'md'], className)}
        {...rest}
      >
        {icon}
      </Button>
    </Tooltip>
  );
}
