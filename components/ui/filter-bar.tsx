'use client';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from './button';
import { FilterChip } from './filter-chip';
import { FilterSearch } from './filter-search';
import { Spinner } from './spinner';
import { useQueryState } from './use-query-state';

export interface Filter {
  /** Name of the parameter in the address. */
  param: string;
  label: string;
  /** `choice` needs `options`; `date` is a day, `YYYY-MM-DD`; `text` is matched as the page says. */
  type?: 'choice' | 'date' | 'text';
  options?: readonly { value: string; label: string }[];
  /** What it is called when nothing is chosen; `Any` unless said otherwise. */
  unset?: string;
}

export interface FilterBarProps {
  /** The search box; `/` puts the cursor into it. */
  search?: { param?: string; placeholder: string };
  filters?: readonly Filter[];
  /** On the right, e.g. an export button. */
  actions?: ReactNode;
}

/** Search and filters of a list. Their state is the address: shareable, and kept on reload. */
export function FilterBar({ search, filters = [], actions }: FilterBarProps) {
  const query = useQueryState();
  const params = [
    ...filters.map((filter) => filter.param),
    ...(search ? [search.param ?? 'q'] : []),
  ];
  const active = params.filter((param) => query.get(param) !== '');
  return (
    <search className="mb-4 flex flex-wrap items-center gap-2">
      {search && (
        <FilterSearch
          placeholder={search.placeholder}
          value={query.get(search.param ?? 'q')}
          onChange={(value) => query.set({ [search.param ?? 'q']: value })}
        />
      )}
      {filters.map((filter) => (
        <FilterChip
          key={filter.param}
          filter={filter}
          value={query.get(filter.param)}
          onChange={(value) => query.set({ [filter.param]: value })}
        />
      ))}
      {active.length > 0 && (
        <Button
          size="sm"
          variant="ghost"
          icon={<X />}
          onClick={() => query.set(Object.fromEntries(params.map((param) => [param, ''])))}
        >
          Clear filters
        </Button>
      )}
      {query.pending && <Spinner label="Updating the list" className="text-faint" />}
      {actions && <div className="ml-auto flex items-center gap-2">{actions}</div>}
    </search>
  );
}
