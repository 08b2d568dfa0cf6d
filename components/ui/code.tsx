import { cn } from './cn';
import { CopyButton } from './copy-button';

/** An id or a word of code within a line. */
export function Code({ children, className }: { children: string; className?: string }) {
  return (
    <code className={cn('break-all font-mono text-[0.92em] text-text', className)}>{children}</code>
  );
}

export interface CodeBlockProps {
  /** Names the block, and what is copied. */
  label: string;
  code: string;
  className?: string;
}

/** Several lines of text as they are, in a box that scrolls by itself. */
export function CodeBlock({ label, code, className }: CodeBlockProps) {
  return (
    <figure className={cn('relative min-w-0 rounded-lg border bg-sunken', className)}>
      <figcaption className="flex items-center justify-between border-b py-1 pr-1 pl-3 text-muted text-xs">
        {label}
        <CopyButton value={code} label={`Copy ${label.toLowerCase()}`} />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre tabIndex={0} className="max-h-96 overflow-auto p-3 font-mono text-xs leading-5">
        {code}
      </pre>
    </figure>
  );
}
