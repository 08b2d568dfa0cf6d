'use client';
import { ChevronDown, X } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { Button } from './button';
import { cn } from './cn';
import {
  DropdownMenu,
  DropdownRadioGroup,
  DropdownRadioItem,
  DropdownSeparator,
} from './dropdown-menu';
import type { Filter } from './filter-bar';
import { Input } from './input';
import { Popover } from './popover';

export interface FilterChipProps {
  filter: Filter;
  value: string;
  onChange: (value: string) => void;
}

/** One filter: a chip that says what it holds, opens to change it and can be taken off. */
export function FilterChip({ filter, value, onChange }: FilterChipProps) {
  const chosen = filter.options?.find((option) => option.value === value)?.label ?? value;
  const trigger = (
    <button
      type="button"
      className={cn(
        'inline-flex h-8 max-w-64 items-center gap-1.5 rounded-md border px-2.5 text-sm transition-colors hover:border-border-strong data-[state=open]:bg-active pointer-coarse:h-10',
        value === ''
          ? 'border-dashed text-muted'
          : 'rounded-r-none border-accent-line bg-accent-soft text-accent',
      )}
    >
      <span className="truncate">
        {filter.label}
        {value !== '' && <span className="font-medium">: {chosen}</span>}
      </span>
      {value === '' && <ChevronDown aria-hidden className="size-3.5 text-faint" />}
    </button>
  );
  return (
    <span className="inline-flex min-w-0">
      {filter.options ? (
        <DropdownMenu align="start" trigger={trigger}>
          <DropdownRadioGroup value={value} onValueChange={onChange}>
            <DropdownRadioItem value="">{filter.unset ?? 'Any'}</DropdownRadioItem>
            <DropdownSeparator />
            {filter.options.map((option) => (
              <DropdownRadioItem key={option.value} value={option.value}>
                {option.label}
              </DropdownRadioItem>
            ))}
          </DropdownRadioGroup>
        </DropdownMenu>
      ) : (
        <TypedFilter filter={filter} value={value} onChange={onChange} trigger={trigger} />
      )}
      {value !== '' && (
        <button
          type="button"
          aria-label={`Remove filter ${filter.label}`}
          onClick={() => onChange('')}
          className="flex h-8 items-center rounded-r-md border border-accent-line border-l-0 bg-accent-soft px-1.5 text-accent hover:bg-active pointer-coarse:h-10"
        >
          <X aria-hidden className="size-3.5" />
        </button>
      )}
    </span>
  );
}

function TypedFilter(props: FilterChipProps & { trigger: React.ReactNode }) {
  const { filter, value, onChange, trigger } = props;
  const [open, setOpen] = useState(false);

  function apply(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    // The popover is portalled: React would hand its submit to a form around the trigger.
    event.stopPropagation();
    const typed = new FormData(event.currentTarget).get('value');
    onChange(typeof typed === 'string' ? typed.trim() : '');
    setOpen(false);
  }

  return (
    <Popover label={filter.label} trigger={trigger} open={open} onOpenChange={setOpen}>
      <form onSubmit={apply} className="flex gap-2">
        <Input
          name="value"
          type={filter.type === 'date' ? 'date' : 'text'}
          aria-label={filter.label}
          defaultValue={value}
          maxLength={200}
        />
        <Button type="submit" variant="primary">
          Apply
        </Button>
      </form>
    </Popover>
  );
}
