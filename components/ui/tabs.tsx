'use client';
import { Tabs as Primitive } from 'radix-ui';
import { type ReactNode, useState } from 'react';

export interface Tab {
  value: string;
  label: ReactNode;
  /** After the label, e.g. a count. */
  count?: number;
  content: ReactNode;
}

export interface TabsProps {
  /** What the tabs are sides of, for screen readers. */
  label: string;
  tabs: readonly Tab[];
  defaultValue?: string;
  onValueChange?: (value: string) => void;
}

export const tabList = 'flex gap-1 overflow-x-auto border-b';
export const tabLook = [
  '-mb-px flex h-9 shrink-0 items-center gap-1.5 border-transparent border-b-2 px-2.5 font-medium text-muted text-sm transition-colors',
  'hover:text-text focus-visible:-outline-offset-2',
  'aria-[current=page]:border-accent aria-[current=page]:text-text data-[state=active]:border-accent data-[state=active]:text-text',
].join(' ');

/** Sides of one thing, on the same page. Where a side has an address of its own use `TabNav`. */
export function Tabs({ label, tabs, defaultValue, onValueChange }: TabsProps) {
  const [value, setValue] = useState(defaultValue ?? tabs[0]?.value ?? '');
  return (
    <Primitive.Root
      value={value}
      onValueChange={(next) => {
        setValue(next);
        onValueChange?.(next);
      }}
    >
      {/* The library's inline outline would be refused by the policy when served. */}
      <Primitive.List aria-label={label} className={tabList} style={{ outline: undefined }}>
        {tabs.map((tab) => (
          <Primitive.Trigger key={tab.value} value={tab.value} className={tabLook}>
            {tab.label}
            <TabCount count={tab.count} />
          </Primitive.Trigger>
        ))}
      </Primitive.List>
      {tabs.map((tab) => (
        // `asChild` keeps the library's own inline style off the served element.
        <Primitive.Content key={tab.value} value={tab.value} asChild>
          <TabPanel>{tab.content}</TabPanel>
        </Primitive.Content>
      ))}
    </Primitive.Root>
  );
}

interface TabPanelProps {
  style?: unknown;
  children: ReactNode;
}

function TabPanel({ style: _refused, children, ...rest }: TabPanelProps) {
  return (
    <div {...rest} className="pt-4 outline-offset-4">
      {children}
    </div>
  );
}

export function TabCount({ count }: { count?: number }) {
  if (count === undefined) return null;
  return (
    <span data-numeric className="rounded-full bg-hover px-1.5 text-2xs text-muted">
      {count}
    </span>
  );
}
