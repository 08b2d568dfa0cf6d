import { Check } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from './cn';

export interface ChecklistStep {
  title: string;
  description: ReactNode;
  done: boolean;
  /** Shown for the first step that is not done. */
  action?: ReactNode;
}

/** Steps in order, the first open one brought forward. */
export function Checklist({ label, steps }: { label: string; steps: readonly ChecklistStep[] }) {
  const next = steps.findIndex((step) => !step.done);
  return (
    <ol aria-label={label} className="divide-y">
      {steps.map((step, index) => (
        <li
          key={step.title}
          aria-current={index === next ? 'step' : undefined}
          className="flex gap-3.5 px-4 py-3.5 sm:px-5"
        >
          <span
            data-numeric
            className={cn(
              'mt-px flex size-5.5 shrink-0 items-center justify-center rounded-full border font-medium text-2xs',
              step.done && 'border-success-line bg-success-soft text-success',
              index === next && 'border-accent bg-accent-soft text-accent',
              !step.done && index !== next && 'text-faint',
            )}
          >
            {step.done ? <Check aria-label="Done" className="size-3.5" /> : index + 1}
          </span>
          <div className="flex min-w-0 flex-1 flex-wrap items-start justify-between gap-x-6 gap-y-2.5">
            <div className="min-w-0 flex-1 basis-56">
              <p className={cn('font-medium', step.done && 'text-muted')}>{step.title}</p>
              {!step.done && <p className="text-muted text-sm">{step.description}</p>}
            </div>
            {index === next && step.action}
          </div>
        </li>
      ))}
    </ol>
  );
}
