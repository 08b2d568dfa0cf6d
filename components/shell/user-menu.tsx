'use client';
import { ChevronsUpDown, KeyRound, LogOut, Monitor, Moon, Sun } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useTheme } from 'next-themes';
import { useTransition } from 'react';
import {
  Avatar,
  DropdownItem,
  DropdownLabel,
  DropdownMenu,
  DropdownRadioGroup,
  DropdownRadioItem,
  DropdownSeparator,
  Spinner,
} from '@/components/ui';
import type { Person, SignOut } from './types';

export interface UserMenuProps {
  person: Person;
  onSignOut: SignOut;
  /** The page of one's own account. */
  accountHref: string;
}

/** Who is signed in, how it looks, and the way out. */
export function UserMenu({ person, onSignOut, accountHref }: UserMenuProps) {
  const router = useRouter();
  const { theme, setTheme } = useTheme();
  const [pending, startTransition] = useTransition();
  return (
    <DropdownMenu
      align="start"
      side="top"
      className="w-60"
      trigger={
        <button
          type="button"
          aria-label={`Account: ${person.name}`}
          className="flex h-11 w-full min-w-0 items-center gap-2.5 rounded-md px-1.5 text-left transition-colors hover:bg-hover data-[state=open]:bg-active"
        >
          <Avatar name={person.name} size="md" />
          <span className="min-w-0 flex-1">
            <span className="block truncate font-medium text-sm leading-4.5">{person.name}</span>
            <span className="block truncate text-muted text-xs leading-4 first-letter:uppercase">
              {person.role.replaceAll('_', ' ')}
            </span>
          </span>
          {pending ? <Spinner /> : <ChevronsUpDown aria-hidden className="size-4 text-faint" />}
        </button>
      }
    >
      <div className="px-2 pt-1.5 pb-2">
        <p className="truncate font-medium text-sm">{person.name}</p>
        <p className="truncate text-muted text-xs">{person.email}</p>
      </div>
      <DropdownSeparator />
      <DropdownItem icon={<KeyRound />} onSelect={() => router.push(accountHref)}>
        Your account
      </DropdownItem>
      <DropdownSeparator />
      <DropdownLabel>Theme</DropdownLabel>
      <DropdownRadioGroup value={theme ?? 'system'} onValueChange={setTheme}>
        <DropdownRadioItem value="system">
          <Monitor aria-hidden />
          Same as system
        </DropdownRadioItem>
        <DropdownRadioItem value="light">
          <Sun aria-hidden />
          Light
        </DropdownRadioItem>
        <DropdownRadioItem value="dark">
          <Moon aria-hidden />
          Dark
        </DropdownRadioItem>
      </DropdownRadioGroup>
      <DropdownSeparator />
      <DropdownItem
        icon={<LogOut />}
        onSelect={() => {
          startTransition(async () => {
            await onSignOut();
          });
        }}
      >
        Sign out
      </DropdownItem>
    </DropdownMenu>
  );
}
