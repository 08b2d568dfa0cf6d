import type { ComponentProps, ReactNode } from 'react';
import { cn } from './cn';

/** A bounded piece of a page. */
export function Card({ className, ...rest }: ComponentProps<'section'>) {
  return (
    <section
      className={cn('min-w-0 rounded-xl border bg-surface shadow-xs', className)}
      {...rest}
    />
  );
}

export interface CardHeaderProps {
  title: ReactNode;
  description?: ReactNode;
  actions?: ReactNode;
  /** Heading level within the page. */
  level?: 2 | 3;
  id?: string;
  className?: string;
}

export function CardHeader(props: CardHeaderProps) {
  const { title, description, actions, level = 2, id, className } = props;
  const Heading = `h${level}` as const;
  return (
    <header
      className={cn(
        'flex flex-wrap items-center justify-between gap-x-4 gap-y-2 border-b px-4 py-3 sm:px-5',
        className,
      )}
    >
      <div className="min-w-0">
        <Heading id={id} className="font-semibold text-base text-text">
          {title}
        </Heading>
        {description && <p className="text-muted text-sm">{description}</p>}
      </div>
      {actions && <div className="flex items-center gap-2">{actions}</div>}
    </header>
  );
}

export function CardBody({ className, ...rest }: ComponentProps<'div'>) {
  return <div className={cn('px-4 py-4 sm:px-5', className)} {...rest} />;
}

export function CardFooter({ className, ...rest }: ComponentProps<'footer'>) {
  return (
    <footer
      className={cn(
        'flex flex-wrap items-center justify-end gap-2 rounded-b-xl border-t bg-sunken/60 px-4 py-3 sm:px-5',
        className,
      )}
      {...rest}
    />
  );
}
