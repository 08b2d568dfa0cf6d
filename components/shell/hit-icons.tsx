import {
  Activity,
  Building2,
  FileText,
  FolderTree,
  type LucideIcon,
  Plug,
  ScrollText,
  User,
  Workflow,
} from 'lucide-react';
import type { HitKind } from '@/lib/palette/contract';

/** What each kind of thing looks like in the palette. */
export const hitIcons: Readonly<Record<HitKind, LucideIcon>> = {
  tenant: Building2,
  person: User,
  run: Activity,
  connection: Plug,
  automation: Workflow,
  resource: FolderTree,
  request: FileText,
  event: ScrollText,
};
