import {
  Archive,
  CalendarDays,
  Focus,
  Hash,
  type LucideIcon,
  MailMinus,
  MessageSquare,
  Paperclip,
  Share2,
  Tags,
  Workflow,
} from 'lucide-react';
import { cn } from '@/components/ui';
import type { TemplateIcon as Icon } from '@/lib/automations/contract';

const icons: Readonly<Record<Icon, LucideIcon>> = {
  newsletter: MailMinus,
  label: Tags,
  attachment: Paperclip,
  agenda: CalendarDays,
  sharing: Share2,
  focus: Focus,
  message: MessageSquare,
  channel: Hash,
  archive: Archive,
};

export interface TemplateIconProps {
  /** Null where this version does not know the template. */
  icon: Icon | null;
  size?: 'sm' | 'md';
}

/** A template's picture. Decorative: its title stands beside it. */
export function TemplateIcon({ icon, size = 'md' }: TemplateIconProps) {
  const Picture = icon === null ? Workflow : icons[icon];
  return (
    <span
      aria-hidden
      className={cn(
        'inline-flex shrink-0 items-center justify-center rounded-lg border border-accent-line bg-accent-soft text-accent',
        size === 'md' ? 'size-10 [&_svg]:size-5' : 'size-7 rounded-md [&_svg]:size-4',
      )}
    >
      <Picture />
    </span>
  );
}
