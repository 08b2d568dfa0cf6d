'use client';
import { type ReactNode, useEffect, useRef } from 'react';
import { cn } from './cn';

export interface ListedOption {
  key: string;
  label: ReactNode;
  icon?: ReactNode;
  hint?: ReactNode;
}

export interface OptionListProps {
  id: string;
  options: readonly ListedOption[];
  active: number;
  onActive: (index: number) => void;
  onChoose: (index: number) => void;
  /** Said when there is nothing to choose from. */
  empty: string;
}

/** The options below an input that keeps the focus; `useOptions` moves the active one. */
export function OptionList({ id, options, active, onActive, onChoose, empty }: OptionListProps) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: 'nearest' });
  }, [active]);

  return (
    <>
      <div ref={list} id={id} role="listbox" className="max-h-72 overflow-y-auto p-1">
        {options.map((option, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the input above takes the keys
          <div
            key={option.key}
            id={`${id}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            onPointerMove={() => onActive(index)}
            // Before the input's blur, which would close the list.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => onChoose(index)}
            className={cn(
              'flex cursor-pointer items-center gap-2.5 rounded-md px-2 py-1.5 text-sm pointer-coarse:py-2.5',
              '[&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-muted aria-selected:bg-hover',
            )}
          >
            {option.icon}
            <span className="min-w-0 flex-1 truncate">{option.label}</span>
            {option.hint && <span className="shrink-0 text-faint text-xs">{option.hint}</span>}
          </div>
        ))}
      </div>
      <p role="status" className={cn('text-muted text-sm', options.length === 0 && 'px-3 pb-3')}>
        {options.length === 0 && empty}
      </p>
    </>
  );
}
