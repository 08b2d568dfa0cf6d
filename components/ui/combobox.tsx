'use client';
import { Check, ChevronsUpDown } from 'lucide-react';
import { Popover as Primitive } from 'radix-ui';
import { useId, useRef, useState } from 'react';
import { cn } from './cn';
import { controlStyles } from './control';
import { useFieldControl } from './field-context';
import { OptionList } from './option-list';
import { floating } from './overlay';
import type { SelectOption } from './select';
import { useOptions } from './use-options';

export interface ComboboxProps {
  options: readonly SelectOption[];
  name?: string;
  defaultValue?: string;
  onValueChange?: (value: string) => void;
  placeholder?: string;
  disabled?: boolean;
  id?: string;
}

const shownAtMost = 60;

/** A choice of one among many, found by typing. Sends its value with the form. */
export function Combobox({
  options,
  placeholder = 'Search',
  onValueChange,
  ...rest
}: ComboboxProps) {
  const { id, name, defaultValue = '', disabled, ...wiring } = useFieldControl(rest);
  const listId = useId();
  const input = useRef<HTMLInputElement>(null);
  const [value, setValue] = useState(defaultValue);
  const [typed, setTyped] = useState<string | null>(null);
  const open = typed !== null;
  const words = (typed ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const found = options
    .filter((option) => words.every((word) => option.label.toLowerCase().includes(word)))
    .slice(0, shownAtMost);

  function choose(index: number) {
    const option = found[index];
    if (!option || option.disabled) return;
    setValue(option.value);
    setTyped(null);
    onValueChange?.(option.value);
  }
  const { active, setActive, onKeyDown } = useOptions(found.length, choose);
  const label = options.find((option) => option.value === value)?.label ?? value;

  return (
    <Primitive.Root open={open} onOpenChange={(next) => !next && setTyped(null)}>
      <Primitive.Anchor asChild>
        <span className="relative block w-full">
          {name && <input type="hidden" name={name} value={value} />}
          <input
            {...wiring}
            ref={input}
            id={id}
            role="combobox"
            aria-expanded={open}
            aria-controls={listId}
            aria-autocomplete="list"
            aria-activedescendant={open && found[active] ? `${listId}-${active}` : undefined}
            autoComplete="off"
            disabled={disabled}
            placeholder={placeholder}
            value={typed ?? label}
            onClick={() => setTyped((now) => now ?? '')}
            onBlur={() => setTyped(null)}
            onChange={(event) => {
              setTyped(event.target.value);
              setActive(0);
            }}
            onKeyDown={(event) => {
              if (open) onKeyDown(event);
              else if (event.key === 'ArrowDown') setTyped('');
              if (event.key === 'Escape') setTyped(null);
            }}
            className={cn(controlStyles, 'h-8 pr-8 pointer-coarse:h-10')}
          />
          <ChevronsUpDown
            aria-hidden
            className="pointer-events-none absolute top-1/2 right-2.5 size-4 -translate-y-1/2 text-faint"
          />
        </span>
      </Primitive.Anchor>
      <Primitive.Portal>
        <Primitive.Content
          align="start"
          sideOffset={4}
          onOpenAutoFocus={(event) => event.preventDefault()}
          onInteractOutside={(event) => {
            if (event.target === input.current) event.preventDefault();
          }}
          className={cn(floating, 'w-(--radix-popover-trigger-width) min-w-56')}
        >
          <OptionList
            id={listId}
            active={active}
            onActive={setActive}
            onChoose={choose}
            empty="No match"
            options={found.map((option) => ({
              key: option.value,
              label: option.label,
              hint: option.value === value && <Check aria-label="chosen" className="size-4" />,
            }))}
          />
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
