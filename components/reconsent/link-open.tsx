import { ScopeItems } from '@/components/connections/scope-items';
import { Callout, Card, CardBody, CardHeader, DateTime, ProviderMark } from '@/components/ui';
import {
  type ConsentOutcome,
  consentOutcomes,
  type KeyOutcome,
  type OpenConsentLink,
} from '@/lib/connections/contract';
import type { ActionResult } from '@/lib/errors/contract';
import { type ProviderKey, providerNames } from '@/lib/providers/contract';
import { BeginButton } from './begin-button';
import { LinkKeyForm } from './link-key-form';
import { ReconsentShell } from './reconsent-shell';

type Action<Input, Data> = (input: Input) => Promise<ActionResult<Data>>;

export interface LinkOpenProps {
  token: string;
  link: OpenConsentLink;
  /** How an attempt ended that has just led back here. */
  outcome: ConsentOutcome | undefined;
  onBegin: Action<{ token: string }, { url: string }>;
  onKey: Action<{ token: string; key: string; administrator: string }, KeyOutcome>;
}

/** Who asks whom for what, why, and what happens then. */
export function LinkOpen({ token, link, outcome, onBegin, onKey }: LinkOpenProps) {
  const { tenantName, asker, provider, account, message, expiresAt, scopes } = link;
  const name = providerNames[provider];
  const whole = link.authority === 'application';
  const allowance = link.purpose === 'allowance';
  return (
    <ReconsentShell
      title={
        allowance
          ? `${tenantName} asks you to allow Tenantry in ${name}`
          : account === null
            ? `${tenantName} asks you to connect ${name}`
            : `${tenantName} asks you to renew its access to ${account}`
      }
      description={
        <>
          {asker} made this link
          {whole || allowance
            ? ' for somebody who administers '
            : ' for the owner of the account at '}
          {name}. You need no account here, and nothing happens until you allow it on {name}’s own
          page{link.keySetUp ? ' or by a key that you make' : ''}.
        </>
      }
    >
      {outcome && <Callout role="alert" tone="warning" title={wordsFor(outcome, link)} />}
      {message && (
        <figure className="border-l-2 pl-4">
          <blockquote className="whitespace-pre-line text-pretty break-words">{message}</blockquote>
          <figcaption className="mt-1 text-muted text-sm">{asker}</figcaption>
        </figure>
      )}
      <Card>
        <CardHeader
          title={
            <span className="flex items-center gap-2.5">
              <ProviderMark provider={provider} size="sm" />
              {allowance
                ? 'For whoever then connects their own account, Tenantry may'
                : whole
                  ? 'For the whole organisation, Tenantry may then'
                  : 'Tenantry may then'}
            </span>
          }
        />
        <CardBody>
          <ScopeItems scopes={scopes} />
        </CardBody>
      </Card>
      <Afterwards link={link} />
      {link.keySetUp ? (
        <LinkKeyForm token={token} setUp={link.keySetUp} onGive={onKey} />
      ) : (
        <BeginButton token={token} label={`Go on to ${name}`} onBegin={onBegin} />
      )}
      <p className="text-muted text-sm">
        The link works once, until <DateTime value={expiresAt} format="absolute" />. If you did not
        expect it, close this page: nothing has happened.
      </p>
    </ReconsentShell>
  );
}

/** What somebody without an account is told differently. */
const forGuest: Readonly<Partial<Record<ConsentOutcome, string>>> = {
  other_account:
    'That was another account than the one this link is for. Nothing has changed: choose the same account.',
  other_organisation:
    'That was another organisation than the one this link is for. Nothing has changed: sign in to the same one.',
  expired: 'That took longer than ten minutes, so it was stopped to be safe. Please start again.',
  foreign: 'This was not begun in this browser, so it was refused. Please start again here.',
};

function wordsFor(outcome: ConsentOutcome, { authority, purpose, asker }: OpenConsentLink): string {
  if (outcome === 'needs_administrator') {
    // By a link for one person's account an administrator would connect their own.
    return authority === 'application' || purpose === 'allowance'
      ? 'Only an administrator may allow this at the provider. Pass the link on to whoever is one.'
      : `Your organisation lets only its administrators allow this first. Tell ${asker}, who can make a link for one of them; yours stays good.`;
  }
  return forGuest[outcome] ?? consentOutcomes[outcome].message;
}

const where: Readonly<Record<ProviderKey, string>> = {
  google: 'in your Google account or the Admin console',
  microsoft: 'under My Apps or, as an administrator, Enterprise applications',
  slack: 'under Manage apps of your workspace',
};

function Afterwards({ link }: { link: OpenConsentLink }) {
  const { provider, tenantName, account, purpose, asker } = link;
  return (
    <section className="text-sm">
      <h2 className="font-semibold text-base">What happens then</h2>
      <ul className="mt-2 grid list-disc gap-1.5 pl-5 text-muted marker:text-faint">
        <li>
          {purpose === 'allowance'
            ? `Nothing is connected by it, and not your own account. ${asker}, and whoever else of your people wants to, connects an account of their own.`
            : account === null
              ? `Tenantry looks at what is there, and automations that ${tenantName} sets up may work with it.`
              : `The automations of ${tenantName} that waited for it go on.`}
        </li>
        <li>What gives access is sealed under a key of {tenantName} and opened only when used.</li>
        <li>Every change that is made is on a record which {tenantName} can verify.</li>
        <li>You can take it back at any time, {where[provider]}.</li>
      </ul>
    </section>
  );
}
