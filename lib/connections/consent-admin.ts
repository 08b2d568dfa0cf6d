import { type TenantTransaction, withTenant } from '@/db';
import { enqueueJob } from '@/lib/jobs';
import type { CodeExchange, VerifiedOrganization } from '@/lib/providers';
import type { ConsentAnswer, ContinuedConsent, FinishedConsent } from './consent-answer';
import type { ClaimedConsent, ConsentRequest } from './consent-claim';
import { endedSince, refuseConsent } from './consent-complete';
import { consentDeclined } from './consent-failure';
import type { ConsentParty } from './consent-party';
import { redirectUri } from './consent-secrets';
import { makeConnection, openRequest, requireAdminConsent } from './consent-start';
import { proofAwaited } from './consent-unproven';
import { type Connection, lockConnection } from './find';
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
    const asked = await lockConnection(tx, context, connection.id);
    if (endedSince(connection, asked)) {
      return { ...(await refuseConsent(tx, party, asked, 'ended')), denied: false };
    }
    const now = await connectionFor(tx, party, asked, { organization, asked: claimed.request });
    if (now === null) {
      return { ...(await refuseConsent(tx, party, asked, 'other_organisation')), denied: false };
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

/**
 * The connection that an organisation's consent is for: a new one in the place of one that was nobody's
 * when this was begun, and is another organisation's by now, as of a second tab.
 * @returns null when it is another organisation than the one that was asked
 */
async function connectionFor(
  tx: TenantTransaction,
  { context, userId }: ConsentParty,
  now: Connection,
  { organization, asked }: { readonly organization: string; readonly asked: ConsentRequest },
): Promise<Connection | null> {
  if (now.providerTenant === null || now.providerTenant === organization) return now;
  if (asked.organization !== null || userId === null) return null;
  return makeConnection(tx, { ...context, userId }, now);
}

/** The answer as the adapter reads it: only what an administrator's page puts there. */
export function parametersOf({
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
