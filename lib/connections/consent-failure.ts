import { and, eq, withTenant } from '@/db';
import { connections } from '@/db/schema';
import { recordAudit } from '@/lib/audit';
import { logger } from '@/lib/observability';
import { findProvider, ProviderError } from '@/lib/providers';
import type { FinishedConsent } from './consent-answer';
import type { ClaimedConsent } from './consent-claim';
import { failedEvent } from './consent-complete';
import { tellRefusal } from './consent-link-result';
import type { ConsentParty } from './consent-party';
import { type ConsentOutcome, consentOutcomes } from './contract';
import { type Connection, lockConnection } from './find';
import { faultOfOurs } from './our-client';
import { transition } from './states';

type Failed = Pick<ClaimedConsent, 'connection' | 'way'>;

/** The person, or their administrator, said no on the provider's page. */
export async function consentDeclined(
  party: ConsentParty,
  { connection, way }: Failed,
  error: string,
  description: string | null,
): Promise<FinishedConsent> {
  const adapter = findProvider(way.provider);
  const reason = adapter?.explainConsentRefusal(error, description) ?? error;
  const outcome = adapter?.asksForAdministrator?.(error, description)
    ? 'needs_administrator'
    : /^(admin_policy_enforced|org_internal)$/.test(error)
      ? 'blocked'
      : 'denied';
  await noteFailure(party, connection, { outcome, reason, code: error.slice(0, 100) });
  return { outcome, connectionId: connection.id, denied: false };
}

/** It was allowed, and then something did not work or does not fit. */
export async function consentFailed(
  party: ConsentParty,
  { connection, way }: Failed,
  error: unknown,
): Promise<FinishedConsent> {
  if (!(error instanceof ProviderError)) throw error;
  const { kind, operation, failure } = error;
  logger.warn({ operation, kind, code: failure.code }, 'a consent could not be finished');
  const outcome = outcomeOf(error);
  if (outcome === 'app_fault') await faultOfOurs(way, error);
  await noteFailure(party, connection, {
    outcome,
    reason: reasonOf(outcome, error),
    code: failure.code ?? kind,
  });
  return { outcome, connectionId: connection.id, denied: false };
}

/** That we are on it is said only of what we hear of. */
function reasonOf(outcome: ConsentOutcome, { kind, publicMessage }: ProviderError): string {
  if (kind === 'app_fault' && outcome !== 'app_fault') return consentOutcomes[outcome].message;
  return reasons[outcome] ?? publicMessage;
}

const reasons: Readonly<Partial<Record<ConsentOutcome, string>>> = {
  other_organisation: 'Whoever signed in to confirm it belongs to another organisation.',
  roles_pending:
    'The provider has not passed the permissions on yet. Wait a minute, then go on once more.',
};

/**
 * What only our own id, secret or certificate brings about. Other refusals that read like a fault of
 * ours are as well those of a code that somebody has made up or got by an address of their own, and
 * must not stop everybody's calls.
 */
const onlyOurs: ReadonlySet<string> = new Set([
  ...['invalid_client', 'deleted_client', 'disabled_client'],
  ...['AADSTS7000215', 'AADSTS7000222', 'AADSTS700027', 'AADSTS700030'],
  ...['AADSTS7000218', 'AADSTS7000216', 'certificate_unreadable'],
  ...['bad_client_secret', 'invalid_client_id'],
]);

function outcomeOf({ kind, failure }: ProviderError): ConsentOutcome {
  if (kind === 'app_fault') {
    return onlyOurs.has(failure.code ?? '') ? 'app_fault' : 'provider_failed';
  }
  if (failure.code === 'not_an_administrator') return 'not_administrator';
  if (failure.code === 'not_a_workspace_administrator') return 'needs_administrator';
  if (failure.code === 'other_organization') return 'other_organisation';
  if (kind === 'needs_scopes') return 'roles_pending';
  return kind === 'blocked_by_policy' ? 'blocked' : 'provider_failed';
}

interface Note {
  readonly outcome: ConsentOutcome;
  readonly reason: string;
  /** The provider's own word. */
  readonly code: string;
}

/** The connection stays as it was; one that never worked waits again, and says why. */
async function noteFailure(
  party: ConsentParty,
  { id }: Connection,
  { outcome, reason, code }: Note,
): Promise<void> {
  const { context } = party;
  await withTenant(context, async (tx) => {
    const connection = await lockConnection(tx, context, id);
    if (connection.state === 'verifying') {
      await transition(tx, context, id, { type: 'unverified', reason, code });
    } else if (connection.state === 'pending') {
      await tx
        .update(connections)
        .set({ stateReason: reason })
        .where(and(eq(connections.tenantId, context.tenantId), eq(connections.id, id)));
    }
    await recordAudit(tx, context, failedEvent(connection, { code, outcome }));
    await tellRefusal(tx, party, connection, { outcome: 'refused', reason });
  });
}
