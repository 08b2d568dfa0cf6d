'use client';
import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import { toast } from 'sonner';
import { Callout, Checkbox, Form, RadioGroup, SubmitButton } from '@/components/ui';
import {
  type Audience,
  type AudienceSize,
  audienceOf,
  type StartInput,
} from '@/lib/campaigns/contract';
import type { ConnectableWay } from '@/lib/connections/contract';
import type { ActionResult } from '@/lib/errors/contract';
import { LetterFields, letterOf } from './letter-fields';
import { audienceWords, campaignTitle } from './words';

interface CampaignFormProps {
  ways: readonly ConnectableWay[];
  /** How many the first of them would ask. */
  first: AudienceSize | null;
  onSize: (audience: Audience) => Promise<ActionResult<AudienceSize>>;
  onStart: (input: StartInput) => Promise<ActionResult<{ id: string }>>;
}

/** Whom a campaign asks for what, with how many that are before anything is sent. */
export function CampaignForm({ ways, first, onSize, onStart }: CampaignFormProps) {
  const router = useRouter();
  const [at, setAt] = useState(0);
  const [lacking, setLacking] = useState(false);
  const [scopes, setScopes] = useState<readonly string[]>([]);
  const way = ways[at];
  const wanted = lacking ? scopes : [];
  const incomplete = lacking && scopes.length === 0;
  const audience = way && !incomplete ? audienceOf(way, wanted) : null;
  const size = useSize(onSize, audience, first);
  if (!way) return <Callout tone="warning" title="No provider is set up on this installation." />;
  return (
    <Form<StartInput, { id: string }>
      action={onStart}
      read={(data) => ({ ...audienceOf(way, wanted), ...letterOf(data) })}
      onSuccess={({ id }) => {
        toast.success('The campaign has begun. Mails go out within a minute.');
        router.push(`/admin/reconsent/${id}`);
      }}
      className="max-w-2xl gap-6"
    >
      <RadioGroup
        legend="Connections"
        name="way"
        columns={2}
        value={String(at)}
        onValueChange={(value) => {
          setAt(Number(value));
          setScopes([]);
        }}
        options={ways.map((one, index) => ({ value: String(index), label: campaignTitle(one) }))}
      />
      <RadioGroup
        legend="Which of them"
        name="purpose"
        value={lacking ? 'lacking' : 'broken'}
        onValueChange={(value) => setLacking(value === 'lacking')}
        options={[
          {
            value: 'broken',
            label: 'Those that stopped working',
            description: 'Consent was withdrawn or has expired, or a permission is missing.',
          },
          {
            value: 'lacking',
            label: 'Those that lack a permission',
            description: 'Working or not: they are asked for what you choose here.',
          },
        ]}
      />
      {lacking && (
        <fieldset className="grid gap-2.5">
          <legend className="mb-1.5 font-medium text-sm">Permissions</legend>
          {way.scopes.map(({ scope, title, reason }) => (
            <Checkbox
              key={scope}
              name="scope"
              value={scope}
              label={title}
              description={reason}
              checked={scopes.includes(scope)}
              onChange={({ target }) =>
                setScopes((before) =>
                  target.checked ? [...before, scope] : before.filter((one) => one !== scope),
                )
              }
            />
          ))}
        </fieldset>
      )}
      <p role="status" className="text-sm">
        {incomplete ? 'Choose at least one permission.' : sizeWords(size)}
      </p>
      <LetterFields />
      <SubmitButton className="self-start" disabled={!size || size.connections === 0}>
        Start the campaign
      </SubmitButton>
    </Form>
  );
}

function sizeWords(size: AudienceSize | null): string {
  if (!size) return 'Counting…';
  if (size.connections === 0)
    return 'There is no such connection at present: nobody would be asked.';
  return `${audienceWords(size)} would be asked.`;
}

/** How many that are; null while it is not known. */
function useSize(
  onSize: CampaignFormProps['onSize'],
  audience: Audience | null,
  first: AudienceSize | null,
): AudienceSize | null {
  const asked = JSON.stringify(audience);
  const [answer, setAnswer] = useState(first && { asked, size: first });
  const known = answer?.asked === asked;
  useEffect(() => {
    const wish = JSON.parse(asked) as Audience | null;
    if (!wish || known) return;
    let current = true;
    onSize(wish).then((result) => {
      if (!current) return;
      if (result.ok) setAnswer({ asked, size: result.data });
      else toast.error(result.error.message);
    });
    return () => {
      current = false;
    };
  }, [asked, known, onSize]);
  return known ? answer.size : null;
}
