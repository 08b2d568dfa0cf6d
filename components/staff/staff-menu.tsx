'use client';
import { Ellipsis, KeyRound, UserCog, UserMinus } from 'lucide-react';
import { useState } from 'react';
import { DropdownItem, DropdownMenu, IconButton } from '@/components/ui';
import type { ActionResult } from '@/lib/errors/contract';
import type { StaffChangeInput, StaffRow } from '@/lib/two-persons/contract';
import { AskChangeDialog } from './ask-change-dialog';

export type AskStaffChange = (
  input: StaffChangeInput,
) => Promise<ActionResult<{ approvalId: string }>>;

type Change = 'role' | 'remove' | 'reset-factor';

const otherRole = { support: 'platform_admin', platform_admin: 'support' } as const;
const words = { support: 'support', platform_admin: 'platform admin' } as const;

/** What can be asked for about one of the staff. */
export function StaffMenu({ person, onAsk }: { person: StaffRow; onAsk: AskStaffChange }) {
  const [open, setOpen] = useState<Change | null>(null);
  const { name, email } = person;
  const role = otherRole[person.role];
  const titles = {
    role: `Make ${name} ${words[role]}`,
    remove: `Take ${name} off the staff`,
    'reset-factor': `Take away the second factor of ${name}`,
  } as const;
  const texts = {
    role: 'It holds from their next click on.',
    remove: 'The console closes, and every session of theirs ends.',
    'reset-factor':
      'For somebody who has lost their app and recovery codes. Every session of theirs ends, and they set up another one.',
  } as const;
  return (
    <>
      <DropdownMenu trigger={<IconButton label={`Manage ${name}`} size="sm" icon={<Ellipsis />} />}>
        <DropdownItem icon={<UserCog />} onSelect={() => setOpen('role')}>
          Make them {words[role]}
        </DropdownItem>
        {person.factorSince && (
          <DropdownItem icon={<KeyRound />} onSelect={() => setOpen('reset-factor')}>
            Take away the second factor
          </DropdownItem>
        )}
        <DropdownItem icon={<UserMinus />} danger onSelect={() => setOpen('remove')}>
          Take off the staff
        </DropdownItem>
      </DropdownMenu>
      <AskChangeDialog
        open={open !== null}
        onOpenChange={(next) => !next && setOpen(null)}
        title={open ? titles[open] : ''}
        description={open ? texts[open] : ''}
        onAsk={onAsk}
        read={(reason) =>
          open === 'role'
            ? { change: 'role', email, role, reason }
            : { change: open ?? 'remove', email, reason }
        }
      />
    </>
  );
}
