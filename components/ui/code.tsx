import { cn } from './cn';

/** An id or a word of code within a line. */
export function Code({ children, className }: { children: string; className?: string }) {
  return (
    <code className={cn('break-all font-mono text-[0.92em] text-text', className)}>{children}</code>
  );
}
