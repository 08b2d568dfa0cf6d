import { readToken } from './reading';
import { safeReturnPath } from './return-path';
import { staffRoleOf } from './staff';

/**
 * Where to lead somebody whose session is in no organisation that is open to them: to an invitation
 * or the support console if that is what they want, else to the choice of an organisation. Never to
 * a page that would send them back here.
 * @param next the address that was asked for, if any
 */
export async function landingOutside(next: string | undefined): Promise<string> {
  const wanted = safeReturnPath(next, '/overview');
  if (wanted.startsWith('/invitations/')) return wanted;
  const token = await readToken();
  const console = wanted === '/admin' || wanted.startsWith('/admin/');
  if (token && (console || token.tenantId === null) && (await staffRoleOf(token))) {
    return console ? wanted : '/admin';
  }
  return `/sign-in/organisation?next=${encodeURIComponent(wanted)}`;
}

/** Where to lead somebody whose session has just begun. */
export async function landing(next: string | undefined): Promise<string> {
  const token = await readToken();
  return token?.tenantId ? safeReturnPath(next) : landingOutside(next);
}
