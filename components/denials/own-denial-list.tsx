'use client';
import type { DenialFilter, DenialRow } from '@/lib/denials/contract';
import type { Slice } from '@/lib/paging/contract';
import { DenialList } from './denial-list';

export interface OwnDenialListProps {
  filter: DenialFilter;
  first: Slice<DenialRow>;
}

/** The record of denials of one's own organisation. */
export function OwnDenialList({ filter, first }: OwnDenialListProps) {
  return (
    <DenialList
      path="/api/access-log"
      href="/access-log"
      filter={filter}
      first={first}
      requestHref={(id) => `/audit?request=${encodeURIComponent(id)}`}
    />
  );
}
