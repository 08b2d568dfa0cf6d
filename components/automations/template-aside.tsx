import { Dot } from 'lucide-react';
import { Card, CardBody, CardHeader } from '@/components/ui';
import type { ConnectionChoice, KindPermissions, TemplateView } from '@/lib/automations/contract';
import { providerNames } from '@/lib/providers/contract';

interface TemplateAsideProps {
  template: TemplateView;
  /** The one it works over, when there is one. */
  connection?: Pick<ConnectionChoice, 'provider' | 'authority'> | undefined;
}

/** What it must be allowed: of the connection's kind, or of the most usual one. */
function permissionsOf(
  { permissions }: TemplateView,
  connection: TemplateAsideProps['connection'],
): KindPermissions {
  const own = permissions.find(
    ({ provider, authority }) =>
      provider === connection?.provider && authority === connection.authority,
  );
  const kind = own ?? permissions[0];
  if (!kind) throw new Error('a template that no connection can carry out');
  return kind;
}

/** What a template does step by step, and what it must be allowed. */
export function TemplateAside({ template, connection }: TemplateAsideProps) {
  const kind = permissionsOf(template, connection);
  return (
    <Card>
      <CardHeader title="Step by step" />
      <CardBody className="flex flex-col gap-5">
        <ol className="flex flex-col gap-2.5 text-sm">
          {template.steps.map((step, index) => (
            <li key={step.key} className="flex items-start gap-2.5">
              <span
                aria-hidden
                data-numeric
                className="flex size-5 shrink-0 items-center justify-center rounded-full bg-active text-2xs text-muted"
              >
                {index + 1}
              </span>
              {step.title}
            </li>
          ))}
        </ol>
        <div>
          <h3 className="text-muted text-xs">
            Needs to be allowed to, at {providerNames[kind.provider]}
          </h3>
          <ul className="mt-1.5 flex flex-col gap-1 text-sm">
            {kind.permissions.map(({ scope, title }) => (
              <li key={scope} className="flex items-start gap-2">
                <Dot aria-hidden className="mt-1 size-3.5 shrink-0 text-faint" />
                {title}
              </li>
            ))}
          </ul>
        </div>
        <p className="border-t pt-4 text-muted text-xs">
          {template.changes
            ? 'Try a dry run first: it shows what would change, and changes nothing.'
            : 'It changes nothing outside: it reads, and writes a report here.'}
        </p>
      </CardBody>
    </Card>
  );
}
