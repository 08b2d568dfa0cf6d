'use client';
import type { ReactNode } from 'react';
import { toast } from 'sonner';
import { AppShell, DemoBanner, type Organisation, type SignOut } from '@/components/shell';
import type { ActionResult } from '@/lib/errors/contract';
import type { WorkspaceRole } from '@/lib/tenancy/contract';
import { placesOf } from './places-of';

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
      nav={placesOf(person.role)}
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
