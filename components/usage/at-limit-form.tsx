'use client';
import { toast } from 'sonner';
import { Card, CardBody, CardHeader, Form, RadioGroup, SubmitButton } from '@/components/ui';
import type { ActionResult } from '@/lib/errors/contract';
import { type LimitAction, limitActionWords } from '@/lib/usage/contract';

interface AtLimitFormProps {
  tenantId: string;
  atLimit: LimitAction;
  /** Whether the reader may change it. */
  mayChange: boolean;
  onSet: (input: { tenantId: string; atLimit: LimitAction }) => Promise<ActionResult<unknown>>;
}

const descriptions: Readonly<Record<LimitAction, string>> = {
  refuse: 'New runs are refused with words on what to do; schedules are skipped. Both on record.',
  tell: 'Owners are told at 80 % and at 100 %; runs go on.',
};

/** What happens when a tenant's runs of a month are used up, for staff to choose. */
export function AtLimitForm({ tenantId, atLimit, mayChange, onSet }: AtLimitFormProps) {
  return (
    <Card aria-labelledby="at-limit">
      <CardHeader id="at-limit" title="When the runs of a month are used up" />
      <CardBody>
        <Form
          action={onSet}
          read={(data) => ({ tenantId, atLimit: data.get('atLimit') as LimitAction })}
          onSuccess={() => toast.success('In force from now on, and on the tenant’s record.')}
          className="flex flex-col items-start gap-4"
        >
          <RadioGroup
            key={atLimit}
            legend="At 100 %"
            hideLegend
            name="atLimit"
            columns={2}
            defaultValue={atLimit}
            options={(['refuse', 'tell'] as const).map((value) => ({
              value,
              label: limitActionWords[value],
              description: descriptions[value],
              disabled: !mayChange,
            }))}
          />
          {mayChange && <SubmitButton>Save</SubmitButton>}
        </Form>
      </CardBody>
    </Card>
  );
}
