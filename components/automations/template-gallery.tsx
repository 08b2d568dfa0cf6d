import { ArrowRight, Eye, PenLine } from 'lucide-react';
import Link from 'next/link';
import { Badge, providerName } from '@/components/ui';
import type { TemplateView } from '@/lib/automations/contract';
import { TemplateIcon } from './template-icon';

export interface TemplateGalleryProps {
  templates: readonly TemplateView[];
  /** Whether the person may set one up; others only look. */
  mayManage: boolean;
}

/** What can be automated, by what it does for a person. */
export function TemplateGallery({ templates, mayManage }: TemplateGalleryProps) {
  return (
    <ul className="grid gap-4 sm:grid-cols-2 xl:grid-cols-3">
      {templates.map((template) => (
        <li key={template.key} className="flex">
          <TemplateCard template={template} mayManage={mayManage} />
        </li>
      ))}
    </ul>
  );
}

function TemplateCard({ template, mayManage }: { template: TemplateView; mayManage: boolean }) {
  const { key, title, description, icon, providers, steps, changes } = template;
  return (
    <article className="group relative flex w-full flex-col rounded-xl border bg-surface p-5 shadow-xs transition-colors has-[a]:hover:border-accent-line has-focus-visible:outline-2 has-focus-visible:outline-accent">
      <div className="flex items-start justify-between gap-3">
        <TemplateIcon icon={icon} />
        <Badge icon={changes ? <PenLine aria-hidden /> : <Eye aria-hidden />}>
          {changes ? 'Makes changes' : 'Only reads'}
        </Badge>
      </div>
      <h2 className="mt-4 font-semibold text-base">
        {mayManage ? (
          <Link
            href={`/automations/new/${key}`}
            className="outline-none after:absolute after:inset-0 after:rounded-xl"
          >
            {title}
          </Link>
        ) : (
          title
        )}
      </h2>
      <p className="mt-1 flex-1 text-pretty text-muted text-sm">{description}</p>
      <p className="mt-4 flex items-center justify-between gap-3 text-muted text-xs">
        <span>
          {providers.map(providerName).join(', ')} · {steps.length}{' '}
          {steps.length === 1 ? 'step' : 'steps'}
        </span>
        {mayManage && (
          <span
            aria-hidden
            className="inline-flex shrink-0 items-center gap-1 whitespace-nowrap font-medium text-accent [&_svg]:size-3.5"
          >
            Set up
            <ArrowRight className="transition-transform group-hover:translate-x-0.5" />
          </span>
        )}
      </p>
    </article>
  );
}
