import { NavList } from './nav-list';
import type { NavItem } from './navigation';

export interface NavSectionProps {
  title: string;
  items: readonly NavItem[];
}

/** Places under a heading. */
export function NavSection({ title, items }: NavSectionProps) {
  return (
    <div>
      <p aria-hidden className="mb-1 px-2 font-medium text-faint text-xs">
        {title}
      </p>
      <NavList label={title} items={items} />
    </div>
  );
}
