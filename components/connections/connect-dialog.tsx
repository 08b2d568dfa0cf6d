'use client';
import { ArrowUpRight, Plug } from 'lucide-react';
import { useState } from 'react';
import {
  Button,
  Callout,
  Dialog,
  DialogClose,
  EmptyState,
  ProviderMark,
  RadioGroup,
} from '@/components/ui';
import type { ConnectableProvider } from '@/lib/connections/contract';
import { providerNames } from '@/lib/providers/contract';
import { ScopeItems } from './scope-items';
import { type Connect, useConnect } from './use-connect';

export interface ConnectDialogProps {
  providers: readonly ConnectableProvider[];
  onConnect: Connect;
}

/** Which provider, and what it will be asked for, before one leaves for its page. */
export function ConnectDialog({ providers, onConnect }: ConnectDialogProps) {
  const [chosen, setChosen] = useState(providers[0]?.key);
  const { begin, pending, fault } = useConnect(onConnect);
  const provider = providers.find(({ key }) => key === chosen);
  return (
    <Dialog
      trigger={
        <Button variant="primary" icon={<Plug />}>
          Connect an account
        </Button>
      }
      title={
        providers.length === 1 && provider
          ? `Connect ${providerNames[provider.key]}`
          : 'Connect an account'
      }
      description="You choose the account on the provider’s own page. We never see its password."
      footer={
        provider && (
          <>
            <DialogClose>
              <Button disabled={pending}>Cancel</Button>
            </DialogClose>
            <Button
              variant="primary"
              loading={pending}
              iconEnd={<ArrowUpRight />}
              onClick={() => begin({ provider: provider.key })}
            >
              Go on to {providerNames[provider.key]}
            </Button>
          </>
        )
      }
    >
      {!provider && (
        <EmptyState
          bare
          kind="not-enabled"
          title="No provider is set up"
          description="Whoever runs this installation has to add a client for Google Workspace first."
        />
      )}
      {providers.length > 1 && (
        <RadioGroup
          legend="Provider"
          name="provider"
          defaultValue={chosen ?? ''}
          onValueChange={(value) => setChosen(providers.find(({ key }) => key === value)?.key)}
          options={providers.map(({ key }) => ({ value: key, label: providerNames[key] }))}
        />
      )}
      {provider && (
        <div className="grid gap-4">
          <p className="flex items-center gap-2.5 text-sm">
            <ProviderMark provider={provider.key} size="sm" />
            {providerNames[provider.key]} will ask you to allow:
          </p>
          <ScopeItems scopes={provider.scopes} />
          <p className="text-muted text-sm">
            You can take this back at any time, here or at {providerNames[provider.key]}.
          </p>
        </div>
      )}
      {fault && <Callout tone="danger" role="alert" title={fault} className="mt-4" />}
    </Dialog>
  );
}
