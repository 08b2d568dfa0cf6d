import Link from 'next/link';
import type { ReactNode } from 'react';
import { CopyButton } from '@/components/ui';

const plain = 'rounded-sm hover:underline';

/** Where the console has a page about one thing. */
export const hrefs = {
  tenant: (id: string) => `/admin/tenants/${id}`,
  person: (id: string) => `/admin/people/${id}`,
  run: (id: string) => `/admin/runs/${id}`,
  request: (id: string) => `/admin/requests/${encodeURIComponent(id)}`,
  connection: (id: string) => `/admin/audit?connection=${id}`,
} as const;

export interface ToProps {
  to: keyof typeof hrefs;
  id: string;
  children?: ReactNode;
}

/** A link to one thing; by its id, shortened, where it has no name that staff see. */
export function To({ to, id, children }: ToProps) {
  return (
    <Link href={hrefs[to](id)} className={plain} title={children ? undefined : id}>
      {children ?? <code className="whitespace-nowrap text-xs">{shortId(id)}</code>}
    </Link>
  );
}

/** The end of an id, which differs; ids of one minute begin alike. */
export const shortId = (id: string): string => (id.length > 20 ? `…${id.slice(-12)}` : id);

/** A request's id as a link, with a button that copies it whole. */
export function RequestLink({ id }: { id: string }) {
  return (
    <span className="flex items-center gap-1">
      <To to="request" id={id} />
      <CopyButton value={id} label="Copy request id" />
    </span>
  );
}
