'use client';
import type { ReactNode } from 'react';
import { toast } from 'sonner';
import {
  AppShell,
  DemoBanner,
  type NavItem,
  type Organisation,
  type PlaceId,
  type SignOut,
  workspacePlaces,
} from '@/components/shell';
import type { ActionResult } from '@/lib/errors/contract';
import { can, type Permission, type WorkspaceRole } from '@/lib/tenancy/contract';

export interface WorkspaceProps {
  organisation: Organisation;
  organisations: readonly Organisation[];
  person: { readonly name: string; readonly email: string; readonly role: WorkspaceRole };
  /** Runs on stand-ins and says so above everything: the page on which they can be broken. */
  faultPage: string | undefined;
  onSwitch: (input: { tenantId: string }) => Promise<ActionResult<unknown>>;
  onSignOut: SignOut;
  /** Staff are in here: a banner that says so, and by which they stop. */
  support?: ReactNode;
  /** Above the page: that support looks, and what it asks. */
  notice?: ReactNode;
  children: ReactNode;
}

/** What it takes to be shown a place. The page behind it asks again. */
const needed: Partial<Record<PlaceId, Permission>> = {
  overview: 'overview:read',
  connections: 'connections:read',
  resources: 'resources:read',
  automations: 'automations:read',
  runs: 'runs:read',
  reports: 'reports:read',
  audit: 'audit:read',
  'access-log': 'access:read',
  usage: 'usage:read',
  trust: 'trust:read',
  members: 'members:read',
  settings: 'tenant:manage',
};

function navFor(role: WorkspaceRole): NavItem[] {
  return workspacePlaces
    .filter((id) => {
      const permission = needed[id];
      return permission !== undefined && can(role, permission);
    })
    .map((id) => ({ id }));
}

/** The workspace around a member's pages: their organisations, and only the places open to them. */
export function Workspace(props: WorkspaceProps) {
  const { organisation, organisations, person, faultPage, onSwitch, onSignOut, children } = props;
  async function enter(tenantId: string) {
    const answer = await onSwitch({ tenantId });
    if (answer?.ok === false) toast.error(answer.error.message);
  }
  return (
    <AppShell
      organisation={organisation}
      organisations={organisations}
      person={person}
      nav={navFor(person.role)}
      onSwitch={enter}
      onSignOut={onSignOut}
      createHref="/sign-in/organisation"
      support={props.support}
      banner={faultPage === undefined ? undefined : <DemoBanner faultPage={faultPage} />}
    >
      {props.notice}
      {children}
    </AppShell>
  );
}
