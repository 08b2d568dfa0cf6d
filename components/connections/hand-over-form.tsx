'use client';
import { useState } from 'react';
import type { z } from 'zod';
import {
  Callout,
  Checkbox,
  CopyButton,
  DateTime,
  Field,
  Form,
  Input,
  RadioGroup,
  Select,
  SubmitButton,
  Textarea,
} from '@/components/ui';
import { type handOverInput, linkDays, type MadeLink } from '@/lib/connections/contract';
import type { ActionResult } from '@/lib/errors/contract';

export type HandOver = (input: z.input<typeof handOverInput>) => Promise<ActionResult<MadeLink>>;
type Wish = z.input<typeof handOverInput>['wish'];

export interface HandOverFormProps {
  wish: Wish;
  /** Who can allow it, in words. */
  administrator: string;
  /**
   * Where people may need an administrator's leave before they connect their own account: who that is,
   * in words, and whether that is what is asked for most likely.
   */
  leave?: { readonly administrator: string; readonly likely: boolean } | undefined;
  onHandOver: HandOver;
  onMade?: (link: MadeLink) => void;
}

/** Makes a link for whoever may allow it, and shows it once. */
export function HandOverForm(props: HandOverFormProps) {
  const { wish, leave, onHandOver, onMade } = props;
  const [made, setMade] = useState<MadeLink | null>(null);
  const [allowance, setAllowance] = useState(leave?.likely ?? false);
  const reader = leave && allowance ? leave.administrator : props.administrator;
  if (made) return <Made link={made} />;
  return (
    <Form<z.input<typeof handOverInput>, MadeLink>
      action={onHandOver}
      read={(data) => ({
        wish,
        terms: {
          forEmail: String(data.get('terms.forEmail') ?? ''),
          message: String(data.get('terms.message') ?? ''),
          days: Number(data.get('days')) as (typeof linkDays)[number],
          mail: data.get('mail') !== null,
          ...(allowance && { allowance }),
        },
      })}
      onSuccess={(link) => {
        setMade(link);
        onMade?.(link);
      }}
    >
      {leave && (
        <RadioGroup
          legend="Whom you ask"
          name="whom"
          value={allowance ? 'leave' : 'account'}
          onValueChange={(value) => setAllowance(value === 'leave')}
          options={[
            {
              value: 'account',
              label: upper(props.administrator),
              description: 'They connect the account that they sign in with.',
            },
            {
              value: 'leave',
              label: upper(leave.administrator),
              description:
                'They let people connect their own accounts. No account is connected by that: you do so afterwards.',
            },
          ]}
        />
      )}
      <p className="text-muted text-sm">
        {upper(reader)} gets a link that does this one thing. They need no account here, see exactly
        what is asked for, and you are told what came of it.
      </p>
      <Field label="Their address" name="terms.forEmail" required>
        <Input type="email" autoComplete="off" inputMode="email" autoFocus />
      </Field>
      <Field label="A word to them" name="terms.message" optional>
        <Textarea rows={3} maxLength={1_000} />
      </Field>
      <Field label="The link is open for" name="days">
        <Select
          defaultValue="7"
          options={linkDays.map((days) => ({
            value: String(days),
            label: days === 1 ? 'a day' : `${days} days`,
          }))}
        />
      </Field>
      <Checkbox name="mail" defaultChecked label="Send it to that address by mail" />
      <SubmitButton block>Make the link</SubmitButton>
    </Form>
  );
}

function Made({ link }: { link: MadeLink }) {
  const { url, forEmail, expiresAt, mailed } = link;
  return (
    <div className="grid gap-4">
      <Callout tone="success" role="status" title={`The link for ${forEmail} is made`}>
        {mailed ? 'It is on its way by mail. ' : ''}
        It works once, until <DateTime value={expiresAt} format="absolute" />. It is shown here only
        now.
      </Callout>
      <div className="flex items-start gap-2 rounded-lg border bg-sunken/60 py-2 pr-2 pl-3">
        <code className="min-w-0 flex-1 break-all text-xs">{url}</code>
        <CopyButton value={url} label="Copy link" />
      </div>
    </div>
  );
}

const upper = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
