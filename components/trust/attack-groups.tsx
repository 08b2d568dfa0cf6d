import { ExternalLink } from 'lucide-react';
import { Badge, Card } from '@/components/ui';
import type { TrustReport } from '@/lib/trust/contract';
import { figure, type GroupedClasses, groupClasses } from './words';

/** In words where something did not hold: colour and weight say it to those who see them only. */
function Outcome({ cases, held }: { cases: number; held: number }) {
  if (held === cases) {
    return (
      <span data-numeric className="text-muted">
        {figure(held)}/{figure(cases)}
      </span>
    );
  }
  return (
    <span data-numeric className="shrink-0 font-medium text-danger">
      {figure(cases - held)} of {figure(cases)} did not hold
    </span>
  );
}

function Group({ group }: { group: GroupedClasses }) {
  const { title, what, more, classes, cases, held } = group;
  const open = cases - held;
  return (
    <li className="px-4 py-3.5 sm:px-5">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <h3 className="flex flex-wrap items-center gap-2 font-medium text-sm">
          {title}
          {open > 0 && <Badge tone="danger">{figure(open)} did not hold</Badge>}
        </h3>
        <p data-numeric className="text-muted text-sm">
          {classes.length === 0
            ? 'no result here'
            : `${figure(held)} of ${figure(cases)} attempts came out as they should`}
        </p>
      </div>
      <p className="mt-1 max-w-3xl text-muted text-sm">{what}</p>
      {classes.length > 0 && (
        <details open={open > 0} className="mt-2 text-sm">
          <summary className="w-fit cursor-pointer rounded-sm text-accent">
            {classes.length === 1
              ? 'The kind that was tried'
              : `The ${classes.length} kinds that were tried`}
          </summary>
          <ul className="mt-2 grid gap-x-8 gap-y-1 lg:grid-cols-2">
            {classes.map((each) => (
              <li key={each.name} className="flex justify-between gap-4 border-b py-1">
                <span className="wrap-anywhere min-w-0">{each.name}</span>
                <Outcome cases={each.cases} held={each.held} />
              </li>
            ))}
          </ul>
        </details>
      )}
      <p className="mt-2 text-sm">
        <a
          href={more.href}
          target="_blank"
          rel="noreferrer"
          className="inline-flex items-center gap-1 rounded-sm text-accent hover:underline"
        >
          {more.label}
          <ExternalLink aria-hidden className="size-3" />
          <span className="sr-only">(opens elsewhere)</span>
        </a>
      </p>
    </li>
  );
}

/** What attacks aim at, in plain words, and how the tried ones came out. */
export function AttackGroups({ report }: { report: TrustReport | undefined }) {
  return (
    <Card aria-labelledby="attacks">
      <header className="border-b px-4 py-3 sm:px-5">
        <h2 id="attacks" className="font-semibold text-base">
          What is tried
        </h2>
      </header>
      <ul className="divide-y">
        {groupClasses(report?.classes ?? []).map((group) => (
          <Group key={group.prefix} group={group} />
        ))}
      </ul>
    </Card>
  );
}
