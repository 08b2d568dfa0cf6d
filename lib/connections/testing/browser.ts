import type { ConnectionId } from '@/db';
import { answerConsent, type ConsentAnswer as PageAnswer } from '@/emulators/testing';
import type { Authority, ProviderKey } from '@/lib/providers';
import type { ActFacts, MemberContext } from '@/lib/tenancy';
import type { FinishedConsent } from '../consent-answer';
import { finishConsent } from '../consent-finish';
import { beginByLink, linkParty } from '../consent-link-open';
import { memberParty } from '../consent-party';
import { linkTokenIn } from '../consent-secrets';
import { type StartedConsent, startConsent } from '../consent-start';

export const facts: ActFacts = { requestId: 'test-request', ipAddress: '127.0.0.1' };

/** Where a browser is: at our callback, as this provider's pages led it there. */
interface Arrival {
  readonly provider: ProviderKey;
  readonly back: URL;
}

/** A browser with a jar of its own, in which somebody goes through a consent. */
export class TestBrowser {
  readonly cookies = new Map<string, string>();

  cookie = (name: string) => this.cookies.get(name);

  #take({ cookie }: StartedConsent): void {
    this.cookies.set(cookie.name, cookie.value);
  }

  async start(
    context: MemberContext,
    wish:
      | { readonly provider: ProviderKey; readonly authority: Authority }
      | { readonly connectionId: ConnectionId; readonly scopes?: readonly string[] },
  ): Promise<StartedConsent> {
    const started = await startConsent(context, wish);
    this.#take(started);
    return started;
  }

  async startByLink(token: string): Promise<StartedConsent> {
    const started = await beginByLink(token, facts);
    this.#take(started);
    return started;
  }

  /** Come back as a member, going on to further pages with the same answer. */
  async finish(
    who: MemberContext,
    { provider, back }: Arrival,
    further: PageAnswer = {},
  ): Promise<FinishedConsent> {
    const answer = { provider, ...Object.fromEntries(back.searchParams) };
    const done = await finishConsent(memberParty(who), answer, this.cookie);
    if (!('next' in done)) return done;
    this.#take(done.next);
    const next = await answerConsent(done.next.url, further);
    return this.finish(who, { provider, back: next }, further);
  }

  /** The same without being anybody here: the link is what the browser's own cookie says. */
  async finishByLink(
    { provider, back }: Arrival,
    further: PageAnswer = {},
  ): Promise<FinishedConsent | 'foreign'> {
    const token = linkTokenIn(this.cookie, back.searchParams.get('state') ?? '');
    const holder = token ? await linkParty(token, facts) : null;
    if (!holder) return 'foreign';
    const answer = { provider, ...Object.fromEntries(back.searchParams) };
    const done = await finishConsent(holder.party, answer, this.cookie);
    if (!('next' in done)) return done;
    this.#take(done.next);
    const next = await answerConsent(done.next.url, further);
    return this.finishByLink({ provider, back: next }, further);
  }
}
