import { htmlResponse } from '../../page';
import { consent, grantRegisteredRoles } from '../consent';
import { aadsts } from '../errors';
import { mayGrantRoles } from '../permissions';
import type { Store } from '../state';
import { consentPage, needAdminPage } from './pages';
import { backTo, candidates, picked, type Question, readQuestion } from './question';

/** Delegated permissions among what is asked for; `.default` stands for the registered ones. */
const delegated = ({ scopes }: Question) => scopes.filter((scope) => scope !== '.default');

/** Source: https://learn.microsoft.com/entra/identity-platform/v2-admin-consent#error-response */
function denied(question: Question, tid: string | undefined): Response {
  return backTo(question, {
    admin_consent: 'True',
    ...(tid && { tenant: tid }),
    error: 'consent_required',
    error_description: aadsts(
      65004,
      'The resource owner or authorization server denied the request.',
    ),
  });
}

/** `GET /{tenant}/v2.0/adminconsent` */
export function askAdministrator(store: Store, tenant: string, given: URLSearchParams): Response {
  const question = readQuestion(store, tenant, given);
  if (question instanceof Response) return question;
  const { client, scopes } = question;
  const roles = scopes.includes('.default') ? client.roles : [];
  return htmlResponse(
    consentPage({
      heading: 'Permissions requested: review for your organisation',
      explanation: `If you accept, ${client.name} gets access to the specified resources for everybody in your organisation. Nobody else will be asked.`,
      permissions: [...roles, ...delegated(question).filter((scope) => scope.includes('.'))],
      people: candidates(store, question),
      request: given,
      action: `/${tenant}/adminconsent/decision`,
    }),
  );
}

/** The answer to that page: `POST /{tenant}/adminconsent/decision`. */
export function administratorDecides(
  store: Store,
  tenant: string,
  given: URLSearchParams,
): Response {
  const question = readQuestion(store, tenant, given);
  if (question instanceof Response) return question;
  const someone = picked(store, question);
  if (given.has('deny') || !someone) return denied(question, question.directory?.tid);
  const [directory, user] = someone;
  if (given.has('return')) return denied(question, directory.tid);
  const { client, scopes } = question;
  if (!mayGrantRoles(user.roles)) {
    return htmlResponse(needAdminPage(client.name, given, `/${tenant}/adminconsent/decision`));
  }
  if (scopes.includes('.default')) grantRegisteredRoles(store, directory.tid, client);
  const forAll = delegated(question);
  if (forAll.length > 0) consent(store, directory.tid, client.clientId, null, forAll);
  return backTo(question, {
    admin_consent: 'True',
    tenant: directory.tid,
    scope: scopes.map((scope) => `https://graph.microsoft.com/${scope}`).join(' '),
  });
}
