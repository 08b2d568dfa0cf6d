import type { ReactNode } from 'react';
import { CommandButton } from './command-button';
import { CommandPalette } from './command-palette';
import { Frame } from './frame';
import { NavList } from './nav-list';
import { NavSection } from './nav-section';
import type { NavItem, PlaceId } from './navigation';
import { OrganisationSwitcher } from './organisation-switcher';
import { OtherTab } from './other-tab';
import { QueryScope } from './query-scope';
import { SupportAccent } from './support-accent';
import type { Organisation, Person, SignOut, SwitchOrganisation } from './types';
import { UserMenu } from './user-menu';

export interface AppShellProps {
  organisation: Organisation;
  organisations: readonly Organisation[];
  person: Person;
  /** Only what this person may open. */
  nav: readonly NavItem[];
  onSwitch: SwitchOrganisation;
  onSignOut: SignOut;
  /** Where a new organisation is created. */
  createHref?: string;
  /** Above everything, e.g. `<DemoBanner />`. */
  banner?: ReactNode;
  /** Says that staff are in here, and why; the whole workspace looks different then. */
  support?: ReactNode;
  children: ReactNode;
}

const secondary: readonly PlaceId[] = ['audit', 'access-log', 'trust', 'members', 'settings'];

/** The customer's workspace around its pages. */
export function AppShell(props: AppShellProps) {
  const { organisation, organisations, person, nav, banner, support, children } = props;
  const work = nav.filter((item) => !secondary.includes(item.id));
  const administration = nav.filter((item) => secondary.includes(item.id));
  const sidebar = (
    <>
      <div className="flex flex-col gap-2 p-2.5">
        {support ? (
          <p className="truncate px-2 py-1.5 font-semibold text-accent text-sm">
            {organisation.name}
          </p>
        ) : (
          <OrganisationSwitcher
            organisation={organisation}
            organisations={organisations}
            onSwitch={props.onSwitch}
            createHref={props.createHref}
          />
        )}
        <CommandButton />
      </div>
      <div className="flex min-h-0 flex-1 flex-col gap-5 overflow-y-auto px-2.5 py-1">
        <NavList label="Workspace" items={work} />
        {administration.length > 0 && <NavSection title="Organisation" items={administration} />}
      </div>
      <div className="border-t p-2.5">
        <UserMenu
          person={person}
          onSignOut={props.onSignOut}
          accountHref={support ? '/admin/account' : '/account'}
        />
      </div>
    </>
  );
  return (
    <QueryScope key={organisation.id}>
      <Frame
        console={support ? 'support' : 'workspace'}
        strip={support}
        banner={banner}
        sidebar={sidebar}
        compactTitle={<p className="truncate font-semibold text-sm">{organisation.name}</p>}
      >
        {support && <SupportAccent />}
        <CommandPalette
          nav={nav}
          searchPath="/api/palette"
          finds="a thing or any id"
          organisation={organisation}
          organisations={organisations}
          onSwitch={props.onSwitch}
        />
        <OtherTab organisation={organisation} onSwitch={props.onSwitch} />
        {children}
      </Frame>
    </QueryScope>
  );
}
