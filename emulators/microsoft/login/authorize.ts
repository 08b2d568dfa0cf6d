import { randomBytes } from 'node:crypto';
import { htmlResponse } from '../../page';
import { consent, consentedScopes, missingAdminConsent } from '../consent';
import { aadsts } from '../errors';
import { mayGrantScopes } from '../permissions';
import type { Directory, Store, User } from '../state';
import { consentPage, needAdminPage } from './pages';
import { backTo, candidates, picked, type Question, readQuestion, unknownScopes } from './question';

/** Milliseconds; Microsoft says "about 10 minutes". */
const codeLifetime = 10 * 60_000;
const prompts = ['login', 'none', 'consent', 'select_account'];

const refuse = (question: Question, error: string, number: number, words: string) =>
  backTo(question, { error, error_description: aadsts(number, words) });

/** What is wrong with an authorisation request, as an answer; undefined when nothing is. */
function complaint(question: Question): Response | undefined {
  const { given, scopes } = question;
  const invalid = (number: number, words: string) =>
    refuse(question, 'invalid_request', number, words);
  if (given.get('response_type') !== 'code') {
    return refuse(
      question,
      'unsupported_response_type',
      700051,
      "response_type is not 'code', the only one that is emulated.",
    );
  }
  const mode = given.get('response_mode') ?? 'query';
  if (mode !== 'query') return invalid(70007, `'${mode}' is not an emulated response_mode.`);
  const prompt = given.get('prompt');
  if (prompt !== null && !prompts.includes(prompt)) {
    return invalid(90023, `'${prompt}' is not a valid value for prompt.`);
  }
  if (scopes.length === 0) {
    return invalid(900144, "The request body must contain the following parameter: 'scope'.");
  }
  const [unknown] = unknownScopes(scopes);
  if (unknown !== undefined) {
    return refuse(
      question,
      'invalid_client',
      650053,
      `The application asked for scope '${unknown}' that doesn't exist on the resource '00000003-0000-0000-c000-000000000000'.`,
    );
  }
  if (given.get('code_challenge') && given.get('code_challenge_method') !== 'S256') {
    return invalid(501491, 'Invalid size or method of Code_Challenge parameter; S256 is emulated.');
  }
  if (prompt === 'none') {
    return refuse(
      question,
      'login_required',
      50058,
      'A silent sign-in request was sent but no user is signed in.',
    );
  }
  return undefined;
}

/** `GET /{tenant}/oauth2/v2.0/authorize` */
export function askPerson(store: Store, tenant: string, given: URLSearchParams): Response {
  const question = readQuestion(store, tenant, given);
  if (question instanceof Response) return question;
  const wrong = complaint(question);
  if (wrong) return wrong;
  return htmlResponse(
    consentPage({
      heading: 'Permissions requested',
      explanation: `${question.client.name} wants to act for you.`,
      permissions: question.scopes.filter((scope) => scope.includes('.')),
      people: candidates(store, question),
      request: given,
      action: `/${tenant}/login`,
    }),
  );
}

function issueCode(store: Store, question: Question, directory: Directory, user: User): string {
  const { given, client, redirectUri, scopes } = question;
  const code = `1.${randomBytes(48).toString('base64url')}`;
  store.put('codes', '', code, {
    tid: directory.tid,
    oid: user.oid,
    clientId: client.clientId,
    redirectUri,
    scopes,
    codeChallenge: given.get('code_challenge'),
    nonce: given.get('nonce'),
    expiresAt: Date.now() + codeLifetime,
    redeemed: false,
  });
  return code;
}

/** The answer to that page: `POST /{tenant}/login`. */
export function personDecides(store: Store, tenant: string, given: URLSearchParams): Response {
  const question = readQuestion(store, tenant, given);
  if (question instanceof Response) return question;
  const wrong = complaint(question);
  if (wrong) return wrong;
  const { client, scopes } = question;
  const someone = picked(store, question);
  if (given.has('deny') || !someone) {
    return refuse(question, 'access_denied', 65004, 'User declined to consent to access the app.');
  }
  const [directory, user] = someone;
  const { tid } = directory;
  if (missingAdminConsent(store, tid, client.clientId, scopes).length > 0) {
    if (given.has('return')) {
      return refuse(
        question,
        'access_denied',
        90094,
        'An administrator of the organisation has to consent to the permissions asked for.',
      );
    }
    if (!mayGrantScopes(user.roles)) {
      return htmlResponse(needAdminPage(client.name, given, `/${tenant}/login`));
    }
  }
  const known = consentedScopes(store, tid, client.clientId, user.oid);
  if (scopes.some((scope) => !known.includes(scope))) {
    consent(store, tid, client.clientId, user.oid, scopes);
  }
  return backTo(question, { code: issueCode(store, question, directory, user) });
}
