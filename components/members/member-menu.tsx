'use client';
import { Ellipsis, UserCog, UserMinus } from 'lucide-react';
import { useState } from 'react';
import { toast } from 'sonner';
import {
  Button,
  ConfirmDialog,
  Dialog,
  DropdownItem,
  DropdownMenu,
  Form,
  IconButton,
  RadioGroup,
  SubmitButton,
} from '@/components/ui';
import type { MemberRole, MemberSummary, WorkspaceRole } from '@/lib/tenancy/contract';
import type { ChangeRole, Remove } from './actions';
import { roleOptions } from './role-options';

export interface MemberMenuProps {
  member: MemberSummary;
  /** The member is the one who looks. */
  isViewer: boolean;
  viewerRole: WorkspaceRole;
  tenantName: string;
  onChangeRole: ChangeRole;
  onRemove: Remove;
}

/** What can be done about one member. */
export function MemberMenu(props: MemberMenuProps) {
  const { member, isViewer, tenantName, onRemove } = props;
  const [open, setOpen] = useState<'role' | 'remove' | null>(null);
  return (
    <>
      <DropdownMenu
        trigger={
          <IconButton
            label={`Manage ${member.name}`}
            size="sm"
            className="max-md:-ml-2"
            icon={<Ellipsis />}
          />
        }
      >
        <DropdownItem icon={<UserCog />} onSelect={() => setOpen('role')}>
          Change role
        </DropdownItem>
        <DropdownItem icon={<UserMinus />} danger onSelect={() => setOpen('remove')}>
          {isViewer ? 'Leave organisation' : 'Remove'}
        </DropdownItem>
      </DropdownMenu>
      <RoleDialog {...props} open={open === 'role'} onClose={() => setOpen(null)} />
      <ConfirmDialog
        open={open === 'remove'}
        onOpenChange={(next) => setOpen(next ? 'remove' : null)}
        title={isViewer ? `Leave ${tenantName}?` : `Remove ${member.name}?`}
        description={
          isViewer ? 'You are out at once.' : 'They are out at once, wherever they work.'
        }
        consequences={[
          `No more access to ${tenantName}; coming back takes a new invitation`,
          'Connections and automations they made stay; schedules among them are switched off',
          'What they did stays on record',
        ]}
        confirmText={member.email}
        confirmLabel={isViewer ? 'Leave' : 'Remove'}
        onConfirm={() => onRemove({ memberId: member.id, typed: member.email })}
      />
    </>
  );
}

type RoleDialogProps = MemberMenuProps & { open: boolean; onClose: () => void };

function RoleDialog({
  member,
  isViewer,
  viewerRole,
  onChangeRole,
  open,
  onClose,
}: RoleDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && onClose()}
      title={`Role of ${member.name}`}
      description={
        isViewer
          ? 'It is your own: with a lower one you cannot take it back yourself.'
          : 'It holds from their next click on.'
      }
    >
      <Form<{ memberId: string; role: MemberRole }, unknown>
        action={onChangeRole}
        onSuccess={() => {
          toast.success(`The role of ${member.name} has been changed.`);
          onClose();
        }}
      >
        <input type="hidden" name="memberId" value={member.id} />
        <RadioGroup
          legend="Role"
          hideLegend
          name="role"
          options={roleOptions(viewerRole)}
          defaultValue={member.role}
        />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <SubmitButton>Change role</SubmitButton>
        </div>
      </Form>
    </Dialog>
  );
}
