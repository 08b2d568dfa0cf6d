import { type ConnectionId, withTenant } from '@/db';
import { PublicError } from '@/lib/errors';
import { ProviderError, type VerifiedOrganization } from '@/lib/providers';
import { finishAdminConsent, proveOrganization } from './consent-admin';
import { finishAllowance } from './consent-allowance';
import type { ConsentAnswer, ContinuedConsent, FinishedConsent } from './consent-answer';
import { type ClaimedConsent, claimConsent } from './consent-claim';
import { completeConsent } from './consent-complete';
import { consentDeclined, consentFailed } from './consent-failure';
import type { ConsentParty } from './consent-party';
import { type ReadCookie, redirectUri } from './consent-secrets';
import { findConnection } from './find';
import { noticeOurs } from './our-client';
import { recordedFetch } from './transport';

/**
 * Go on with a consent as its provider led back. Whatever is wrong, nothing that worked before is
 * lost, and the outcome says in plain words what happened.
 * @param cookie reads a cookie of the browser that came back
 */
export async function finishConsent(
  party: ConsentParty,
  answer: ConsentAnswer,
  cookie: ReadCookie,
): Promise<FinishedConsent | ContinuedConsent> {
  const claimed = await withTenant(party.context, (tx) => claimConsent(tx, party, answer, cookie));
  if ('refused' in claimed) {
    const { refused: outcome, connection } = claimed;
    return { outcome, connectionId: connection?.id ?? null, denied: outcome === 'foreign' };
  }
  try {
    if (claimed.request.step === 'admin_consent') {
      const finish = claimed.way.adminConsent ? finishAdminConsent : finishAllowance;
      return await finish(party, claimed, answer);
    }
    if (answer.error !== undefined) {
      return await consentDeclined(party, claimed, answer.error, answer.error_description ?? null);
    }
    const given = await exchange(party, claimed, answer);
    await noticeOurs(claimed.way, 'token');
    const done = await withTenant(party.context, (tx) =>
      completeConsent(tx, party, {
        before: claimed.connection,
        requestId: claimed.request.id,
        way: claimed.way,
        asked: claimed.request.scopes,
        ...given,
      }),
    );
    return { ...done, denied: false };
  } catch (error) {
    // Whatever went wrong for what was discarded meanwhile is told so, not as a fault of ours.
    if (await isGone(party, claimed.connection.id)) {
      return { outcome: 'ended', connectionId: null, denied: false };
    }
    return await consentFailed(party, claimed, error);
  }
}

/** Whether a connection is not there any more. */
async function isGone({ context }: ConsentParty, id: ConnectionId): Promise<boolean> {
  try {
    await withTenant(context, (tx) => findConnection(tx, context, id));
    return false;
  } catch (error) {
    if (error instanceof PublicError && error.code === 'not_found') return true;
    throw error;
  }
}

type Given = Pick<VerifiedOrganization, 'account' | 'tokens'> &
  Partial<Pick<VerifiedOrganization, 'grant'>>;

/** Turn the code into authority, by way of a proof where it is an organisation's. */
async function exchange(
  { context, link }: ConsentParty,
  claimed: ClaimedConsent,
  answer: ConsentAnswer,
): Promise<Given> {
  const { request, verifier, way } = claimed;
  const { connectionId } = request;
  if (!answer.code) {
    const failure = { kind: 'invalid_response', status: null, code: 'no_code' } as const;
    throw new ProviderError(way.provider, 'oauth.callback', failure);
  }
  const send = recordedFetch({ context, connectionId, way, scope: {} });
  const code = {
    code: answer.code,
    codeVerifier: verifier,
    redirectUri: redirectUri(way.provider, link),
  };
  if (request.step === 'sign_in') return proveOrganization(claimed, send, code);
  const oauth = way.oauth(send);
  const tokens = await oauth.exchangeCode(code);
  return { tokens, account: await oauth.account(tokens.accessToken) };
}
