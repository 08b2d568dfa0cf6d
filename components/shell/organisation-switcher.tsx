'use client';
import { Check, ChevronsUpDown, Plus } from 'lucide-react';
import Link from 'next/link';
import { useTransition } from 'react';
import {
  Avatar,
  DropdownItem,
  DropdownLabel,
  DropdownMenu,
  DropdownSeparator,
  Spinner,
} from '@/components/ui';
import type { Organisation, SwitchOrganisation } from './types';

export interface OrganisationSwitcherProps {
  organisation: Organisation;
  organisations: readonly Organisation[];
  onSwitch: SwitchOrganisation;
  /** Where a new organisation is created; no entry without it. */
  createHref?: string;
}

/** Which organisation one is in, and the way to another. */
export function OrganisationSwitcher(props: OrganisationSwitcherProps) {
  const { organisation, organisations, onSwitch, createHref } = props;
  const [pending, startTransition] = useTransition();
  return (
    <DropdownMenu
      align="start"
      className="w-60"
      trigger={
        <button
          type="button"
          aria-label={`Organisation: ${organisation.name}. Switch organisation`}
          className="flex h-9 w-full min-w-0 items-center gap-2.5 rounded-md px-1.5 text-left transition-colors hover:bg-hover data-[state=open]:bg-active pointer-coarse:h-11"
        >
          <Avatar name={organisation.name} shape="square" size="md" />
          <span className="min-w-0 flex-1 truncate font-semibold text-sm">{organisation.name}</span>
          {pending ? <Spinner /> : <ChevronsUpDown aria-hidden className="size-4 text-faint" />}
        </button>
      }
    >
      <DropdownLabel>Organisations</DropdownLabel>
      {organisations.map((each) => (
        <DropdownItem
          key={each.id}
          icon={<Avatar name={each.name} shape="square" size="sm" />}
          hint={each.id === organisation.id ? <Check aria-label="current" /> : each.role}
          onSelect={() => {
            if (each.id === organisation.id) return;
            startTransition(async () => {
              await onSwitch(each.id);
            });
          }}
        >
          {each.name}
        </DropdownItem>
      ))}
      {createHref && (
        <>
          <DropdownSeparator />
          <DropdownItem asChild>
            <Link href={createHref}>
              <Plus aria-hidden />
              Create organisation
            </Link>
          </DropdownItem>
        </>
      )}
    </DropdownMenu>
  );
}
