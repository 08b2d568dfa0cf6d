'use client';
import { UserPlus } from 'lucide-react';
import { Button, Field, Input, Select } from '@/components/ui';
import { AskChangeDialog } from './ask-change-dialog';
import type { AskStaffChange } from './staff-menu';

/** Asks for a person to be made staff. */
export function AddStaff({ onAsk }: { onAsk: AskStaffChange }) {
  return (
    <AskChangeDialog
      title="Make somebody staff"
      description="Somebody who has signed up. They set up a second factor when they first come."
      trigger={
        <Button variant="primary" icon={<UserPlus />}>
          Make somebody staff
        </Button>
      }
      onAsk={onAsk}
      read={(reason, data) => ({
        change: 'add',
        email: String(data.get('email') ?? ''),
        role: data.get('role') === 'platform_admin' ? 'platform_admin' : 'support',
        reason,
      })}
    >
      <Field label="Email" name="email" required>
        <Input type="email" autoComplete="off" />
      </Field>
      <Field label="Role" name="role" required>
        <Select
          options={[
            { value: 'support', label: 'Support' },
            { value: 'platform_admin', label: 'Platform admin' },
          ]}
        />
      </Field>
    </AskChangeDialog>
  );
}
