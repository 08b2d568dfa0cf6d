import { LifeBuoy } from 'lucide-react';
import type { ReactNode } from 'react';
import { LogoMark } from '@/components/site/logo';
import { Banner } from './banner';
import { CommandButton } from './command-button';
import { CommandPalette } from './command-palette';
import { Frame } from './frame';
import { NavList } from './nav-list';
import { NavSection } from './nav-section';
import { consoleNav, type NavItem } from './navigation';
import { QueryScope } from './query-scope';
import { SupportAccent } from './support-accent';
import type { Person, SignOut } from './types';
import { UserMenu } from './user-menu';

export interface AdminShellProps {
  person: Person;
  nav: readonly NavItem[];
  onSignOut: SignOut;
  banner?: ReactNode;
  children: ReactNode;
}

/** The support console: another accent, a strip that says so, and its own navigation. */
export function AdminShell({ person, nav, onSignOut, banner, children }: AdminShellProps) {
  const sidebar = (
    <>
      <div className="flex h-14 items-center gap-2.5 px-4">
        <LogoMark className="size-6" />
        <span className="min-w-0">
          <span className="block font-semibold text-sm leading-4.5">Tenantry</span>
          <span className="block font-medium text-accent text-xs leading-4">Support console</span>
        </span>
      </div>
      <div className="px-2.5 pb-2">
        <CommandButton />
      </div>
      <div className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto px-2.5 py-1">
        {consoleNav(nav).map(({ title, items }) =>
          title === undefined ? (
            <NavList key="" label="Support console" items={items} />
          ) : (
            <NavSection key={title} title={title} items={items} />
          ),
        )}
      </div>
      <div className="border-t p-2.5">
        <UserMenu person={person} onSignOut={onSignOut} accountHref="/admin/account" />
      </div>
    </>
  );
  return (
    <QueryScope key="support">
      <Frame
        console="support"
        sidebar={sidebar}
        compactTitle={<p className="truncate font-semibold text-accent text-sm">Support console</p>}
        strip={
          <Banner icon={<LifeBuoy aria-hidden />}>
            Support console. What you look at here is on record.
          </Banner>
        }
        banner={banner}
      >
        <SupportAccent />
        <CommandPalette
          nav={nav}
          searchPath="/api/admin/palette"
          finds="a tenant, a person or any id"
        />
        {children}
      </Frame>
    </QueryScope>
  );
}
