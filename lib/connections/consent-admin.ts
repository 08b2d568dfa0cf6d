import { withTenant } from '@/db';
import { enqueueJob } from '@/lib/jobs';
import type { CodeExchange, VerifiedOrganization } from '@/lib/providers';
import type { ConsentAnswer, ContinuedConsent, FinishedConsent } from './consent-answer';
import type { ClaimedConsent } from './consent-claim';
import { refuseConsent } from './consent-complete';
import { consentDeclined } from './consent-failure';
import type { ConsentParty } from './consent-party';
import { redirectUri } from './consent-secrets';
import { openRequest, requireAdminConsent } from './consent-start';
import { proofAwaited } from './consent-unproven';
import { lockConnection } from './find';
import { transition } from './states';

/**
 * Back from the administrators' page. The organisation that its address names is only what somebody
 * wrote there; so the same browser goes on to sign in to exactly that organisation.
 */
export async function finishAdminConsent(
  party: ConsentParty,
  claimed: ClaimedConsent,
  answer: ConsentAnswer,
): Promise<FinishedConsent | ContinuedConsent> {
  const { context } = party;
  const { connection, way } = claimed;
  const admin = requireAdminConsent(way);
  const read = admin.read(parametersOf(answer));
  if (!read.consented) return consentDeclined(party, claimed, read.error, read.description);
  const organization = read.organizationId;
  return withTenant(context, async (tx) => {
    const now = await lockConnection(tx, context, connection.id);
    if (now.providerTenant !== null && now.providerTenant !== organization) {
      return { ...(await refuseConsent(tx, party, now, 'other_organisation')), denied: false };
    }
    // What works goes on as it is; what never did shows that it is under way.
    if (now.state === 'pending') {
      await transition(tx, context, now.id, { type: 'consented' });
    }
    const opened = await openRequest(tx, party, {
      connection: now,
      way,
      step: 'sign_in',
      scopes: claimed.request.scopes,
      organization,
    });
    if (now.accountId === null) {
      await enqueueJob(tx, context, { kind: proofAwaited, subjectId: opened.id });
    }
    const url = admin.proofUrl({
      organizationId: organization,
      state: opened.state,
      codeChallenge: opened.codeChallenge,
      redirectUri: redirectUri(way.provider, party.link),
    });
    return { next: { connectionId: now.id, url, cookie: opened.cookie } };
  });
}

/** The answer as the adapter reads it: only what an administrator's page puts there. */
function parametersOf({
  admin_consent,
  tenant,
  error,
  error_description,
}: ConsentAnswer): URLSearchParams {
  const given = { admin_consent, tenant, error, error_description };
  return new URLSearchParams(
    Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/**
 * Who signed in is asked of the provider, and so is whether they may speak for the organisation. That
 * it has consented proves nothing of this connection: it may have done so for another one's sake.
 */
export async function proveOrganization(
  { way, request: { organization }, connection }: ClaimedConsent,
  send: typeof fetch,
  code: CodeExchange,
): Promise<VerifiedOrganization> {
  if (organization === null) throw new Error('a sign-in is to prove an organisation');
  const admin = requireAdminConsent(way, send);
  const person = await admin.prove({ ...code, organizationId: organization });
  return admin.verify(person, { again: connection.providerTenant === organization });
}
