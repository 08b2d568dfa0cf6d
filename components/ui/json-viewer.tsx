import { ChevronRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from './cn';
import { CopyButton } from './copy-button';

export interface JsonViewerProps {
  /** Names the value, and what is copied. */
  label: string;
  value: unknown;
  /** How many levels stand open. */
  openLevels?: number;
  className?: string;
}

/** What the server puts where a secret was. */
const redacted = /^\[redacted(?:: ?[^\]]*)?\]$/i;

/** A JSON value as a tree that folds, without any script. Shows what it is given: redact before. */
export function JsonViewer({ label, value, openLevels = 2, className }: JsonViewerProps) {
  return (
    <figure className={cn('min-w-0 rounded-lg border bg-sunken', className)}>
      <figcaption className="flex items-center justify-between border-b py-1 pr-1 pl-3 text-muted text-xs">
        {label}
        <CopyButton
          value={JSON.stringify(value, null, 2) ?? ''}
          label={`Copy ${label.toLowerCase()}`}
        />
      </figcaption>
      <div className="max-h-[28rem] overflow-auto p-2.5 font-mono text-xs leading-5">
        <Node value={value} open={openLevels} />
      </div>
    </figure>
  );
}

interface NodeProps {
  name?: ReactNode;
  value: unknown;
  open: number;
}

function Node({ name, value, open }: NodeProps) {
  if (value === null || typeof value !== 'object') {
    return (
      <div className="pl-4">
        {name}
        <Scalar value={value} />
      </div>
    );
  }
  const list = Array.isArray(value);
  const entries = Object.entries(value);
  const size = `${entries.length} ${list ? 'item' : 'field'}${entries.length === 1 ? '' : 's'}`;
  if (entries.length === 0) {
    return (
      <div className="pl-4">
        {name}
        <span className="text-muted">{list ? '[]' : '{}'}</span>
      </div>
    );
  }
  return (
    <details open={open > 0} className="group/node">
      <summary className="flex min-h-6 list-none items-center rounded-sm hover:bg-hover [&::-webkit-details-marker]:hidden">
        <ChevronRight
          aria-hidden
          className="mr-0.5 size-3.5 shrink-0 text-faint transition-transform [[open]>summary>&]:rotate-90"
        />
        {name}
        <span className="text-faint">
          {list ? '[' : '{'} {size} {list ? ']' : '}'}
        </span>
      </summary>
      <div className="ml-1.5 border-l pl-2">
        {entries.map(([key, inner]) => (
          <Node
            key={key}
            value={inner}
            open={open - 1}
            name={<span className="mr-1.5 text-accent">{list ? key : `${key}:`}</span>}
          />
        ))}
      </div>
    </details>
  );
}

function Scalar({ value }: { value: unknown }) {
  if (typeof value === 'string' && redacted.test(value)) {
    return <span className="rounded-xs bg-active px-1 text-muted">{value}</span>;
  }
  if (typeof value === 'string') {
    return <span className="whitespace-pre-wrap break-words text-success">"{value}"</span>;
  }
  if (value === null || value === undefined) return <span className="text-faint">null</span>;
  return <span className="text-warning">{String(value)}</span>;
}
