import { Calendar, File, Folder, HardDrive, Hash, Inbox, type LucideIcon, Tag } from 'lucide-react';
import type { ResourceKind } from '@/lib/providers/contract';

interface KindLook {
  readonly icon: LucideIcon;
  readonly plural: string;
}

/** Kinds in the order in which people think of them. */
export const kindLooks: Readonly<Record<ResourceKind, KindLook>> = {
  mailbox: { icon: Inbox, plural: 'Mailboxes' },
  label: { icon: Tag, plural: 'Labels' },
  drive: { icon: HardDrive, plural: 'Drives' },
  folder: { icon: Folder, plural: 'Folders' },
  file: { icon: File, plural: 'Files' },
  calendar: { icon: Calendar, plural: 'Calendars' },
  channel: { icon: Hash, plural: 'Channels' },
};
