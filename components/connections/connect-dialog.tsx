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
import type { ConnectableWay } from '@/lib/connections/contract';
import { authorityNames, providerNames } from '@/lib/providers/contract';
import { ScopeItems } from './scope-items';
import { type Connect, useConnect } from './use-connect';

export interface ConnectDialogProps {
  ways: readonly ConnectableWay[];
  onConnect: Connect;
}

/** Which provider, and what it will be asked for, before one leaves for its page. */
export function ConnectDialog({ ways, onConnect }: ConnectDialogProps) {
  const [chosen, setChosen] = useState(0);
  const { begin, pending, fault } = useConnect(onConnect);
  const way = ways[chosen];
  return (
    <Dialog
      trigger={
        <Button variant="primary" icon={<Plug />}>
          Connect an account
        </Button>
      }
      title={
        ways.length === 1 && way ? `Connect ${providerNames[way.provider]}` : 'Connect an account'
      }
      description="You choose the account on the provider’s own page. We never see its password."
      footer={
        way && (
          <>
            <DialogClose>
              <Button disabled={pending}>Cancel</Button>
            </DialogClose>
            <Button
              variant="primary"
              loading={pending}
              iconEnd={<ArrowUpRight />}
              onClick={() => begin({ provider: way.provider, authority: way.authority })}
            >
              Go on to {providerNames[way.provider]}
            </Button>
          </>
        )
      }
    >
      {!way && (
        <EmptyState
          bare
          kind="not-enabled"
          title="No provider is set up"
          description="Whoever runs this installation has to add a client for Google Workspace first."
        />
      )}
      {ways.length > 1 && (
        <RadioGroup
          legend="Provider"
          name="provider"
          defaultValue="0"
          onValueChange={(value) => setChosen(Number(value))}
          options={ways.map(({ provider, authority }, index) => ({
            value: String(index),
            label: `${providerNames[provider]}: ${authorityNames[authority].toLowerCase()}`,
          }))}
        />
      )}
      {way && (
        <div className="grid gap-4">
          <p className="flex items-center gap-2.5 text-sm">
            <ProviderMark provider={way.provider} size="sm" />
            {providerNames[way.provider]} will ask you to allow:
          </p>
          <ScopeItems scopes={way.scopes} />
          <p className="text-muted text-sm">
            You can take this back at any time, here or at {providerNames[way.provider]}.
          </p>
        </div>
      )}
      {fault && <Callout tone="danger" role="alert" title={fault} className="mt-4" />}
    </Dialog>
  );
}
