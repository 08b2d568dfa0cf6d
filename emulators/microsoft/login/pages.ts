import { escapeHtml, hiddenFields, standInPage } from '../../page';
import { permissionTitle, roleNames } from '../permissions';
import type { Directory, User } from '../state';

const footnote =
  'A stand-in for Microsoft’s page, served on this machine. No real account is involved.';

export interface ConsentQuestion {
  readonly heading: string;
  readonly explanation: string;
  readonly permissions: readonly string[];
  readonly people: readonly (readonly [Directory, User])[];
  /** Sent back with the answer as they came. */
  readonly request: Iterable<readonly [string, string]>;
  /** Path that the form goes to. */
  readonly action: string;
}

function personButton([directory, user]: readonly [Directory, User]): string {
  const role = user.roles.map((id) => roleNames[id] ?? 'Administrator').join(', ');
  return (
    `<button name="email" value="${escapeHtml(user.upn)}"><b>${escapeHtml(user.displayName)}</b>` +
    `<span>${escapeHtml(user.upn)}</span>` +
    `<span>${escapeHtml(role ? `${directory.name}, ${role}` : directory.name)}</span></button>`
  );
}

/** Who, and what for: one form that works without a script. */
export function consentPage(question: ConsentQuestion): string {
  const { heading, explanation, permissions, people, request, action } = question;
  const list = permissions
    .map((permission) => `<li>${escapeHtml(permissionTitle(permission))}</li>`)
    .join('');
  return standInPage(
    'Sign in to your account',
    `<h1>${escapeHtml(heading)}</h1><p>${escapeHtml(explanation)}</p>
${list && `<h2>It would like to</h2><ul>${list}</ul>`}
<h2>Accept as</h2>
<form method="post" action="${escapeHtml(action)}">${hiddenFields(request)}
${people.map(personButton).join('\n')}
<button class="quiet" name="deny" value="1">Cancel</button></form>`,
    footnote,
  );
}

/** For somebody who may not consent to this: the only way on is back. */
export function needAdminPage(
  clientName: string,
  request: Iterable<readonly [string, string]>,
  action: string,
): string {
  return standInPage(
    'Need admin approval',
    `<h1>Need admin approval</h1>
<p>${escapeHtml(clientName)} needs permission to access resources in your organisation that only an
administrator can grant. Please ask an administrator to grant permission to this app before you can
use it.</p>
<form method="post" action="${escapeHtml(action)}">${hiddenFields(request)}
<button name="return" value="1">Return to the application without granting consent</button></form>`,
    footnote,
  );
}

export function signInErrorPage(number: number, words: string): string {
  return standInPage(
    'Sign in to your account',
    `<h1>Sorry, but we’re having trouble signing you in.</h1><p>AADSTS${number}: ${escapeHtml(words)}</p>`,
    footnote,
  );
}
