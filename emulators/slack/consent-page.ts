import { escapeHtml, hiddenFields, standInPage } from '../page';
import type { Team } from './state';

const footnote =
  'A stand-in for Slack’s page, served on this machine. No real workspace is involved.';

/** As whom the page is answered: in Slack itself, whoever is signed in there. */
export const roles = {
  owner: 'the workspace’s owner',
  admin: 'an administrator of the workspace',
  member: 'a member without a role',
} as const;
export type Role = keyof typeof roles;

export interface ConsentQuestion {
  readonly appName: string;
  readonly teams: readonly Team[];
  readonly scopes: readonly string[];
  /** Sent back with the answer as they came. */
  readonly request: ReadonlyMap<string, string>;
}

/** Which workspace: one form that works without a script. Slack grants all that is asked, or nothing. */
export function consentPage({ appName, teams, scopes, request }: ConsentQuestion): string {
  const workspaces = teams.map(
    ({ id, name, domain }) =>
      `<button name="team" value="${escapeHtml(id)}"><b>Allow in ${escapeHtml(name)}</b>` +
      `<span>${escapeHtml(domain)}.slack.com</span></button>`,
  );
  const people = Object.entries(roles).map(
    ([role, words]) =>
      `<option value="${role}"${role === 'admin' ? ' selected' : ''}>${words}</option>`,
  );
  return standInPage(
    'Add to Slack',
    `<h1>${escapeHtml(appName)} is requesting permission</h1><p>to access a workspace, where it may</p>
<ul>${scopes.map((scope) => `<li>${escapeHtml(scope)}</li>`).join('')}</ul>
<form method="post" action="/oauth/v2/authorize/callback">${hiddenFields(request)}<label>Signed in as <select name="role">${people.join('')}</select></label>${workspaces.join('')}
<button name="deny" value="1">Cancel</button></form>`,
    footnote,
  );
}

export function wrongRequestPage(code: string): string {
  return standInPage(
    'Something went wrong',
    `<h1>Something went wrong when authorizing this app</h1><p>Error details: ${escapeHtml(code)}</p>`,
    footnote,
  );
}
