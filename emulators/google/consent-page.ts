import { escapeHtml, hiddenFields, standInPage } from '../page';
import { scopeTitles } from './scopes';
import type { Account } from './state';

const footnote =
  'A stand-in for Google’s page, served on this machine. No real account is involved.';

export interface ConsentQuestion {
  readonly clientName: string;
  readonly accounts: readonly Account[];
  readonly scopes: readonly string[];
  /** Sent back with the answer as they came. */
  readonly request: ReadonlyMap<string, string>;
}

/** Scopes that cannot be refused one by one: they say only who somebody is. */
const identityScopes = /^openid$|\/userinfo\./;

/** Which account, and which permissions: one form that works without a script. */
export function consentPage({ clientName, accounts, scopes, request }: ConsentQuestion): string {
  const permissions = scopes
    .filter((scope) => !identityScopes.test(scope))
    .map(
      (scope) =>
        `<label><input type="checkbox" name="granted" value="${escapeHtml(scope)}" checked>` +
        `${escapeHtml(scopeTitles[scope] ?? scope)}</label>`,
    )
    .join('');
  const identity = scopes
    .filter((scope) => identityScopes.test(scope))
    .map((scope) => `<input type="hidden" name="granted" value="${escapeHtml(scope)}">`)
    .join('');
  const people = accounts
    .map(
      ({ email, name }) =>
        `<button name="email" value="${escapeHtml(email)}"><b>${escapeHtml(name)}</b>` +
        `<span>${escapeHtml(email)}</span></button>`,
    )
    .join('');
  const wants = permissions
    ? `<fieldset><legend>${escapeHtml(clientName)} wants to</legend>${permissions}</fieldset>`
    : '';
  return standInPage(
    'Sign in with Google',
    `<h1>Choose an account</h1><p>to continue to ${escapeHtml(clientName)}</p>
<form method="post" action="/o/oauth2/v2/auth/callback">${hiddenFields(request)}${identity}${wants}${people}
<button name="deny" value="1">Cancel</button></form>`,
    footnote,
  );
}

export function authorizationErrorPage(code: string, explanation: string): string {
  return standInPage(
    'Error 400',
    `<h1>Access blocked</h1><p>${escapeHtml(explanation)}</p><p>Error 400: ${escapeHtml(code)}</p>`,
    footnote,
  );
}
