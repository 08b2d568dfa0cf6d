'use client';
import { useState } from 'react';
import type { ConnectionChoice } from '@/lib/automations/contract';
import { AutomationForm, type AutomationFormProps } from './automation-form';
import { TemplateAside } from './template-aside';

/** The form of an automation, and beside it what the chosen connection must be allowed. */
export function AutomationSetup<Subject>(props: AutomationFormProps<Subject>) {
  const { template, connections, current } = props;
  const [chosen, setChosen] = useState<ConnectionChoice | undefined>(() =>
    current
      ? connections.find(({ id }) => id === current.connectionId)
      : (connections.find(({ fault }) => fault === null) ?? connections[0]),
  );
  return (
    <>
      <AutomationForm {...props} onConnection={setChosen} />
      <TemplateAside template={template} connection={chosen} />
    </>
  );
}
