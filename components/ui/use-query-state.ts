'use client';
import { usePathname, useRouter, useSearchParams } from 'next/navigation';
import { useTransition } from 'react';

export interface QueryState {
  /** True while the page for the last change is on its way. */
  readonly pending: boolean;
  get(name: string): string;
  /** Sets or, by an empty text, removes parameters; paging starts over. */
  set(changes: Readonly<Record<string, string>>): void;
  /** The address with changes applied, for a link. */
  href(changes: Readonly<Record<string, string>>): string;
}

/** Parameters of the address as state: what is shown can be linked to, and survives a reload. */
export function useQueryState(): QueryState {
  const router = useRouter();
  const pathname = usePathname();
  const search = useSearchParams();
  const [pending, startTransition] = useTransition();

  function href(changes: Readonly<Record<string, string>>): string {
    const next = new URLSearchParams(search);
    next.delete('cursor');
    for (const [name, value] of Object.entries(changes)) {
      if (value === '') next.delete(name);
      else next.set(name, value);
    }
    const query = next.toString();
    return query ? `${pathname}?${query}` : pathname;
  }

  return {
    pending,
    get: (name) => search.get(name) ?? '',
    set: (changes) => startTransition(() => router.replace(href(changes), { scroll: false })),
    href,
  };
}
