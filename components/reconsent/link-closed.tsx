import { Callout } from '@/components/ui';
import {
  type ClosedConsentLink,
  type ConsentOutcome,
  consentOutcomes,
} from '@/lib/connections/contract';
import { providerNames } from '@/lib/providers/contract';
import { ReconsentShell } from './reconsent-shell';

export interface LinkClosedProps {
  link: ClosedConsentLink;
  /** How an attempt ended that has just led back here. */
  outcome: ConsentOutcome | undefined;
}

interface Words {
  readonly title: string;
  readonly callout: string;
  readonly text: string;
  readonly good?: boolean;
}

function wordsFor(link: ClosedConsentLink, outcome: ConsentOutcome | undefined): Words {
  switch (link.state) {
    case 'unknown':
      return outcome === 'foreign'
        ? {
            title: 'This was not begun here',
            callout: 'The answer does not belong to anything this browser has begun',
            text: 'It may have taken too long, or been begun in another browser. Nothing has changed: open your link again and start from there.',
          }
        : {
            title: 'This link was not found',
            callout: 'There is nothing at this address',
            text: 'Part of it may be missing. Open it from the mail again, or copy all of it. If that does not help, ask for a new one.',
          };
    case 'busy':
      return {
        title: 'Too many links were opened',
        callout: 'Your network has opened more links than we let through',
        text: 'Nothing is wrong with yours. Please try again in a quarter of an hour.',
      };
    case 'suspended':
      return {
        title: 'This link waits',
        callout: 'It cannot be used for now',
        text: 'The organisation or the provider rests here at the moment. Try again later, or ask who sent it.',
      };
    case 'expired':
      return {
        title: 'This link has expired',
        callout: `${link.asker} of ${link.tenantName} asked you to connect ${providerNames[link.provider]}`,
        text: 'Nothing has changed. Ask them for a new link; it takes a minute.',
      };
    case 'withdrawn':
      return {
        title: 'This link was withdrawn',
        callout: `It was from ${link.tenantName}`,
        text: 'It was taken back, or a newer one took its place: look for a later mail.',
      };
    case 'used':
      if (link.purpose === 'allowance') return allowanceWords(link, outcome);
      return outcome && consentOutcomes[outcome].ok
        ? {
            title: 'Thank you, it is connected',
            callout: `${link.tenantName} can now work with ${providerNames[link.provider]}${link.account ? `: ${link.account}` : ''}`,
            text: `We have told ${link.asker}. You can close this page; the link does nothing more.`,
            good: true,
          }
        : {
            title: 'This link has been used',
            callout: `${providerNames[link.provider]} is connected to ${link.tenantName}`,
            text: `A link works once. If it was not you who used it, tell ${link.asker}.`,
          };
  }
}

type UsedLink = Extract<ClosedConsentLink, { readonly purpose: unknown }>;

/** Of a link by which people were let connect their own accounts. */
function allowanceWords(
  { asker, tenantName, provider }: UsedLink,
  outcome: ConsentOutcome | undefined,
): Words {
  const callout = `People can connect their own ${providerNames[provider]} to ${tenantName}`;
  return outcome === 'allowed'
    ? {
        title: 'Thank you, it is allowed',
        callout,
        text: `Nothing is connected yet. We have told ${asker}, whose turn it is now. You can close this page; the link does nothing more.`,
        good: true,
      }
    : {
        title: 'This link has been used',
        callout,
        text: `A link works once. If it was not you who used it, tell ${asker}.`,
      };
}

/** A link that cannot be used, or was; and what to do then. */
export function LinkClosed({ link, outcome }: LinkClosedProps) {
  const { title, callout, text, good } = wordsFor(link, outcome);
  return (
    <ReconsentShell title={title}>
      <Callout
        tone={good ? 'success' : link.state === 'used' ? 'info' : 'warning'}
        role={outcome ? 'status' : 'note'}
        title={callout}
      >
        {text}
      </Callout>
    </ReconsentShell>
  );
}
