import { readClaims, readToken } from './reading';
import { safeReturnPath } from './return-path';
import { staffRoleOf } from './staff';
import { awaitsFactor } from './token';

/** Where a code of the second factor is asked for; from there it goes on. */
export function secondFactorPath(next: string | undefined): string {
  const wanted = safeReturnPath(next, '');
  return wanted ? `/second-factor?next=${encodeURIComponent(wanted)}` : '/second-factor';
}

/**
 * Where to lead somebody whose session is in no organisation that is open to them: to an invitation
 * or the support console if that is what they want, else to the choice of an organisation. Never to
 * a page that would send them back here.
 * @param next the address that was asked for, if any
 */
export async function landingOutside(next: string | undefined): Promise<string> {
  const wanted = safeReturnPath(next, '/overview');
  if (wanted.startsWith('/invitations/')) return wanted;
  const token = await readClaims();
  const console = wanted === '/admin' || wanted.startsWith('/admin/');
  // A support session that is over: back to where it began, and not unnoticed into one's own place.
  if (token?.support && !console && (await staffRoleOf(token))) {
    return `/admin/tenants/${token.support.tenantId}/support`;
  }
  if (token && (console || token.tenantId === null) && (await staffRoleOf(token))) {
    return console ? wanted : '/admin';
  }
  return `/sign-in/organisation?next=${encodeURIComponent(wanted)}`;
}

/** Where to lead somebody whose session has just begun. */
export async function landing(next: string | undefined): Promise<string> {
  const token = await readToken();
  if (token && awaitsFactor(token)) return secondFactorPath(next);
  return token?.tenantId ? safeReturnPath(next) : landingOutside(next);
}
