'use client';
import { Search } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Input } from './input';
import { Kbd } from './kbd';

export interface FilterSearchProps {
  placeholder: string;
  value: string;
  onChange: (value: string) => void;
}

const settleMs = 250;
const typing = 'input, textarea, select, [contenteditable="true"], [role="dialog"]';

/** A search box that tells of a change once the typing rests. */
export function FilterSearch({ placeholder, value, onChange }: FilterSearchProps) {
  const input = useRef<HTMLInputElement>(null);
  const [draft, setDraft] = useState(value);
  const [seen, setSeen] = useState(value);
  // The address changed from elsewhere, e.g. filters were cleared.
  if (value !== seen) {
    setSeen(value);
    setDraft(value);
  }

  const report = useRef(onChange);
  useEffect(() => {
    report.current = onChange;
  });
  useEffect(() => {
    if (draft === seen) return;
    const timer = setTimeout(() => report.current(draft.trim()), settleMs);
    return () => clearTimeout(timer);
  }, [draft, seen]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.metaKey || event.ctrlKey) return;
      if ((event.target as Element).closest(typing)) return;
      event.preventDefault();
      input.current?.focus();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);

  return (
    <div className="w-full sm:w-64">
      <Input
        ref={input}
        type="search"
        aria-label={placeholder}
        placeholder={placeholder}
        value={draft}
        maxLength={200}
        icon={<Search />}
        suffix={draft === '' && <Kbd>/</Kbd>}
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur();
          if (event.key === 'Enter') onChange(draft.trim());
        }}
      />
    </div>
  );
}
