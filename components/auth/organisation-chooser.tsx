'use client';
import { ArrowRight } from 'lucide-react';
import { Avatar, Callout, Field, Form, Input, StatusBadge, SubmitButton } from '@/components/ui';
import type { ActionResult } from '@/lib/errors/contract';
import type { HeldOrganisation } from '@/lib/suspension/contract';
import type { OrganisationSummary } from '@/lib/tenancy/contract';
import { HeldNotice } from './held-notice';

interface EnterInput {
  tenantId: string;
  next?: string | undefined;
}

export interface OrganisationChooserProps {
  /** The organisation that the session is in, open to the person or not. */
  current: string | null;
  organisations: readonly OrganisationSummary[];
  /** Those of them that are held, with what their people are told. */
  held: readonly HeldOrganisation[];
  /** Whom to write to about that; null where the installation names nobody. */
  support: string | null;
  next?: string | undefined;
  onEnter: (input: EnterInput) => Promise<ActionResult<unknown>>;
  onCreate: (input: { tenantName: string }) => Promise<ActionResult<unknown>>;
}

/** Why somebody is here rather than at work. */
function Reason({
  current,
  organisations,
  held,
  support,
}: Pick<OrganisationChooserProps, 'current' | 'organisations' | 'held' | 'support'>) {
  const own = organisations.find(({ id }) => id === current);
  if (own?.state === 'active') return null;
  if (own || held.length === organisations.length) {
    const about = own ? held.filter(({ name }) => name === own.name) : held;
    const owner = (own ? [own] : organisations).every(({ role }) => role === 'owner');
    if (about.length > 0) {
      return <HeldNotice organisations={about} owner={owner} support={support} />;
    }
  }
  if (current) {
    return (
      <Callout tone="warning" role="status" title="You are no longer a member there">
        You left the organisation you were in, or an owner or admin took you out of it.
      </Callout>
    );
  }
  if (organisations.length > 0) return null;
  return (
    <Callout tone="info" role="status" title="You are not in an organisation yet">
      Open the link of your invitation, or create an organisation of your own.
    </Callout>
  );
}

function Entry({
  organisation,
  next,
  onEnter,
}: {
  organisation: OrganisationSummary;
  next?: string | undefined;
  onEnter: OrganisationChooserProps['onEnter'];
}) {
  const { id, name, role, state } = organisation;
  return (
    <li className="flex items-center gap-3 px-3.5 py-3">
      <Avatar name={name} shape="square" />
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium text-sm">{name}</p>
        <p className="text-muted text-xs first-letter:uppercase">{role}</p>
      </div>
      {state === 'active' ? (
        <Form<EnterInput, unknown> action={onEnter}>
          <input type="hidden" name="tenantId" value={id} />
          {next && <input type="hidden" name="next" value={next} />}
          <SubmitButton variant="secondary" iconEnd={<ArrowRight />} aria-label={`Open ${name}`}>
            Open
          </SubmitButton>
        </Form>
      ) : (
        <StatusBadge status={state} />
      )}
    </li>
  );
}

/** The person's organisations, and a new one: for whoever has none open before them. */
export function OrganisationChooser(props: OrganisationChooserProps) {
  const { current, organisations, held, support, next, onEnter, onCreate } = props;
  return (
    <div className="flex flex-col gap-6">
      <Reason current={current} organisations={organisations} held={held} support={support} />
      {organisations.length > 0 && (
        <ul className="divide-y rounded-xl border bg-surface shadow-xs">
          {organisations.map((organisation) => (
            <Entry
              key={organisation.id}
              organisation={organisation}
              next={next}
              onEnter={onEnter}
            />
          ))}
        </ul>
      )}
      <section aria-labelledby="create" className="flex flex-col gap-3">
        <h2 id="create" className="font-semibold text-base">
          Create {organisations.length > 0 ? 'another' : 'an'} organisation
        </h2>
        <Form action={onCreate}>
          <Field label="Name" name="tenantName" required>
            <Input autoComplete="organization" className="h-10" />
          </Field>
          <SubmitButton
            variant={organisations.length > 0 ? 'secondary' : 'primary'}
            size="lg"
            block
          >
            Create organisation
          </SubmitButton>
        </Form>
      </section>
    </div>
  );
}
