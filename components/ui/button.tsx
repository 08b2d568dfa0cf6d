import { cva, type VariantProps } from 'class-variance-authority';
import Link from 'next/link';
import { Slot } from 'radix-ui';
import type { ComponentProps, ReactNode } from 'react';
import { cn } from './cn';
import { Spinner } from './spinner';

export const buttonStyles = cva(
  [
    'relative inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap',
    'rounded-md border font-medium no-underline transition-colors duration-100',
    'disabled:cursor-not-allowed disabled:opacity-55 aria-disabled:cursor-not-allowed',
    '[&_svg]:size-4 [&_svg]:shrink-0',
  ],
  {
    variants: {
      variant: {
        primary:
          'border-transparent bg-accent-solid text-on-solid shadow-xs hover:bg-accent-solid-hover',
        secondary:
          'border-border bg-surface text-text shadow-xs hover:border-border-strong hover:bg-sunken dark:bg-raised dark:hover:bg-active',
        ghost: 'border-transparent bg-transparent text-muted hover:bg-hover hover:text-text',
        danger:
          'border-transparent bg-danger-solid text-on-solid shadow-xs hover:bg-danger-solid-hover',
        'danger-ghost': 'border-transparent bg-transparent text-danger hover:bg-danger-soft',
        link: 'h-auto! border-transparent px-0! text-accent underline-offset-4 hover:underline',
      },
      size: {
        sm: 'h-7 px-2.5 text-xs pointer-coarse:h-9',
        md: 'h-8 px-3 text-sm pointer-coarse:h-10',
        lg: 'h-10 px-4 text-base pointer-coarse:h-11',
      },
      block: { true: 'w-full' },
    },
    defaultVariants: { variant: 'secondary', size: 'md' },
  },
);

export type ButtonStyle = VariantProps<typeof buttonStyles>;

export interface ButtonProps extends ComponentProps<'button'>, ButtonStyle {
  /** Shows a spinner over the unchanged width and refuses further presses. */
  loading?: boolean;
  /** Before the label, e.g. `<Plus />`. */
  icon?: ReactNode;
  iconEnd?: ReactNode;
  /** Gives the looks to the only child instead of rendering a `<button>`. */
  asChild?: boolean;
}

/** A button. `type` is `button` unless said otherwise, so that none submits by accident. */
export function Button({
  variant,
  size,
  block,
  loading = false,
  icon,
  iconEnd,
  asChild = false,
  className,
  children,
  disabled,
  type = 'button',
  ...rest
}: ButtonProps) {
  const classes = cn(buttonStyles({ variant, size, block }), className);
  if (asChild) {
    return (
      <Slot.Root className={classes} {...rest}>
        {children}
      </Slot.Root>
    );
  }
  return (
    <button
      type={type}
      className={classes}
      disabled={disabled || loading}
      aria-busy={loading || undefined}
      {...rest}
    >
      {loading && <Spinner className="absolute" />}
      <span className={cn('inline-flex items-center gap-1.5', loading && 'opacity-0')}>
        {icon}
        {children}
        {iconEnd}
      </span>
    </button>
  );
}

export interface ButtonLinkProps extends ComponentProps<typeof Link>, ButtonStyle {
  icon?: ReactNode;
  iconEnd?: ReactNode;
}

/** A link that looks like a button: for going somewhere, never for doing something. */
export function ButtonLink(props: ButtonLinkProps) {
  const { variant, size, block, icon, iconEnd, className, children, ...rest } = props;
  return (
    <Link className={cn(buttonStyles({ variant, size, block }), className)} {...rest}>
      {icon}
      {children}
      {iconEnd}
    </Link>
  );
}
