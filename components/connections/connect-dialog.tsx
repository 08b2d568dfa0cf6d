'use client';
import { ArrowLeft, ArrowUpRight, Link2, Plug } from 'lucide-react';
import { useRouter } from 'next/navigation';
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
import { providerNames } from '@/lib/providers/contract';
import { ConnectWay } from './connect-way';
import { type HandOver, HandOverForm } from './hand-over-form';
import type { ConnectKey } from './use-connect';
import { type Connect, useConnect } from './use-connect';
import { wayWords, whoAllows } from './way-words';

export interface ConnectDialogProps {
  ways: readonly ConnectableWay[];
  onConnect: Connect;
  onKey: ConnectKey;
  onHandOver: HandOver;
}

const wishOf = ({ provider, authority }: ConnectableWay) => ({ provider, authority });

/** Which provider and for whom, what it will be asked for, and who has to allow it. */
export function ConnectDialog({ ways, onConnect, onKey, onHandOver }: ConnectDialogProps) {
  const router = useRouter();
  const [chosen, setChosen] = useState<ConnectableWay | undefined>(ways[0]);
  const [handing, setHanding] = useState(false);
  const [made, setMade] = useState(false);
  const { begin, pending, fault } = useConnect(onConnect);
  const name = chosen && providerNames[chosen.provider];

  function opened(open: boolean) {
    if (open) return;
    setHanding(false);
    if (made) router.refresh();
    setMade(false);
  }

  return (
    <Dialog
      trigger={
        <Button variant="primary" icon={<Plug />}>
          Connect an account
        </Button>
      }
      onOpenChange={opened}
      title={handing && name ? `Ask for ${name}` : 'Connect an account'}
      description={
        handing
          ? 'A link for whoever may allow it.'
          : 'It is allowed on the provider’s own page. We never see a password.'
      }
      footer={
        chosen && (
          <>
            {handing && !made && (
              <Button icon={<ArrowLeft />} onClick={() => setHanding(false)}>
                Back
              </Button>
            )}
            {!handing && (
              <Button icon={<Link2 />} disabled={pending} onClick={() => setHanding(true)}>
                Somebody else has to allow it
              </Button>
            )}
            {(handing || chosen.form === 'service_account') && (
              <DialogClose>
                <Button>{made ? 'Close' : 'Cancel'}</Button>
              </DialogClose>
            )}
            {!handing && chosen.form !== 'service_account' && (
              <Button
                variant="primary"
                loading={pending}
                iconEnd={<ArrowUpRight />}
                onClick={() => begin(wishOf(chosen))}
              >
                Go on to {name}
              </Button>
            )}
          </>
        )
      }
    >
      {!chosen && (
        <EmptyState
          bare
          kind="not-enabled"
          title="No provider is set up"
          description="Whoever runs this installation has to add a client for a provider first."
        />
      )}
      {chosen && handing && (
        <HandOverForm
          wish={wishOf(chosen)}
          administrator={wayWords[chosen.provider][chosen.authority].administrator}
          leave={
            chosen.allowance
              ? { administrator: whoAllows[chosen.provider], likely: false }
              : undefined
          }
          onHandOver={onHandOver}
          onMade={() => setMade(true)}
        />
      )}
      {chosen && !handing && (
        <div className="grid gap-5">
          <Choice ways={ways} chosen={chosen} onChoose={setChosen} />
          <ConnectWay
            key={`${chosen.provider} ${chosen.authority}`}
            way={chosen}
            onKey={(given) => onKey({ wish: wishOf(chosen), ...given })}
          />
        </div>
      )}
      {fault && <Callout tone="danger" role="alert" title={fault} className="mt-4" />}
    </Dialog>
  );
}

interface ChoiceProps {
  ways: readonly ConnectableWay[];
  chosen: ConnectableWay;
  onChoose: (way: ConnectableWay | undefined) => void;
}

/** The provider first, then for one person or for all. */
function Choice({ ways, chosen, onChoose }: ChoiceProps) {
  const providers = [...new Set(ways.map(({ provider }) => provider))];
  const own = ways.filter(({ provider }) => provider === chosen.provider);
  return (
    <>
      {providers.length > 1 && (
        <RadioGroup
          legend="Provider"
          name="provider"
          value={chosen.provider}
          onValueChange={(value) => onChoose(ways.find(({ provider }) => provider === value))}
          options={providers.map((provider) => ({
            value: provider,
            label: (
              <span className="-my-0.5 flex items-center gap-2">
                <ProviderMark provider={provider} size="sm" />
                {providerNames[provider]}
              </span>
            ),
          }))}
        />
      )}
      <RadioGroup
        legend="For whom"
        name="authority"
        value={chosen.authority}
        onValueChange={(value) => onChoose(own.find(({ authority }) => authority === value))}
        options={own.map(({ provider, authority }) => ({
          value: authority,
          label: wayWords[provider][authority].label,
          description: wayWords[provider][authority].description,
        }))}
      />
    </>
  );
}
