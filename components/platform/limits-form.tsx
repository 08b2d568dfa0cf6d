'use client';
import { useRouter } from 'next/navigation';
import type { z } from 'zod';
import { Card, CardBody, Field, Form, Input, SubmitButton } from '@/components/ui';
import type { ActionResult } from '@/lib/errors/contract';
import {
  type LimitKey,
  limitDefaults,
  limitKeys,
  limitWords,
  type OwnLimits,
} from '@/lib/limits/contract';
import type { limitsInput, TenantLimitsView } from '@/lib/platform/contract';
import { InForce } from './limit-in-force';

type Wish = z.input<typeof limitsInput>;

interface LimitsFormProps {
  tenantId: string;
  limits: TenantLimitsView;
  onChange: (wish: Wish) => Promise<ActionResult<void>>;
}

const grouped = (value: number) => value.toLocaleString('en');

/** What is typed: empty is the platform's default, and what is no number is for the server to refuse. */
function typed(data: FormData, key: LimitKey): number | null {
  const text = String(data.get(`limits.${key}`) ?? '').trim();
  return text === '' ? null : Number(text.replaceAll(/[\s,]/g, ''));
}

const wishOf = (data: FormData) =>
  Object.fromEntries(limitKeys.map((key) => [key, typed(data, key)])) as unknown as OwnLimits;

/** With the unit where the title does not say what is counted. */
function labelOf(key: LimitKey): string {
  const { title, unit } = limitWords[key];
  return unit === 'days' || unit === '%' ? `${title} (${unit})` : title;
}

function hintOf(key: LimitKey, { use }: TenantLimitsView): string {
  const { help, unit } = limitWords[key];
  const used = key in use ? ` Now: ${grouped(use[key as keyof typeof use])}.` : '';
  return `${help} Empty: ${grouped(limitDefaults[key])} ${unit}.${used}`;
}

/** What a limit is for; of one that is lower soon, also what is in force until then. */
function Hint({ limitKey, limits }: { limitKey: LimitKey; limits: TenantLimitsView }) {
  return (
    <>
      {hintOf(limitKey, limits)}
      {limits.later.some(({ key }) => key === limitKey) && (
        <>
          {' '}
          In force: <InForce limitKey={limitKey} limits={limits} />.
        </>
      )}
    </>
  );
}

/** Changes a tenant's limits: in force at once, less time to keep things after its owners' notice. */
export function LimitsForm({ tenantId, limits, onChange }: LimitsFormProps) {
  const router = useRouter();
  return (
    <Card>
      <CardBody>
        <Form<Wish, void>
          action={onChange}
          read={(data) => ({
            tenantId,
            limits: wishOf(data),
            reason: String(data.get('reason') ?? ''),
          })}
          onSuccess={() => router.refresh()}
        >
          <div className="grid grid-cols-[minmax(0,1fr)] gap-x-8 gap-y-4 md:grid-cols-2">
            {limitKeys.map((key) => (
              <Field
                key={key}
                label={labelOf(key)}
                name={`limits.${key}`}
                hint={<Hint limitKey={key} limits={limits} />}
              >
                <Input
                  inputMode="numeric"
                  autoComplete="off"
                  defaultValue={limits.own[key] ?? ''}
                  placeholder={grouped(limitDefaults[key])}
                />
              </Field>
            ))}
          </div>
          <Field
            label="Reason"
            name="reason"
            hint="Goes on the tenant’s own record, with what was before, and into the mail to its owners where things are kept for less time."
            required
          >
            <Input autoComplete="off" maxLength={500} />
          </Field>
          <SubmitButton className="self-start">Change limits</SubmitButton>
        </Form>
      </CardBody>
    </Card>
  );
}
