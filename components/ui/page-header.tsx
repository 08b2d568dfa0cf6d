import type { ReactNode } from 'react';
import { Breadcrumbs, type Crumb } from './breadcrumbs';

export interface PageHeaderProps {
  title: ReactNode;
  description?: ReactNode;
  /** Sections above this page; the last one is its parent. */
  breadcrumbs?: readonly Crumb[];
  /** Beside the title, e.g. a `StatusBadge`. */
  badge?: ReactNode;
  /** Buttons; the primary one last. */
  actions?: ReactNode;
}

/** The one `h1` of a page, with what can be done on it. */
export function PageHeader({ title, description, breadcrumbs, badge, actions }: PageHeaderProps) {
  return (
    <header className="mb-6 flex flex-col gap-2">
      {breadcrumbs && breadcrumbs.length > 0 && <Breadcrumbs items={breadcrumbs} />}
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 max-w-3xl flex-1 basis-72">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <h1 className="min-w-0 font-semibold text-2xl text-text">{title}</h1>
            {badge}
          </div>
          {description && <p className="mt-1 text-base text-muted">{description}</p>}
        </div>
        {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </div>
    </header>
  );
}
