import {
  Calendar,
  File,
  Folder,
  Globe,
  HardDrive,
  Hash,
  Inbox,
  type LucideIcon,
  Tag,
  User,
  Users,
} from 'lucide-react';
import type { ResourceKind } from '@/lib/providers/contract';

interface KindLook {
  readonly icon: LucideIcon;
  readonly plural: string;
}

/** Kinds in the order in which people think of them. */
export const kindLooks: Readonly<Record<ResourceKind, KindLook>> = {
  user: { icon: User, plural: 'People' },
  mailbox: { icon: Inbox, plural: 'Mailboxes' },
  label: { icon: Tag, plural: 'Labels' },
  site: { icon: Globe, plural: 'Sites' },
  drive: { icon: HardDrive, plural: 'Drives' },
  folder: { icon: Folder, plural: 'Folders' },
  file: { icon: File, plural: 'Files' },
  calendar: { icon: Calendar, plural: 'Calendars' },
  team: { icon: Users, plural: 'Teams' },
  channel: { icon: Hash, plural: 'Channels' },
};
