import { format } from 'date-fns';
import type { MemberRole } from './contract';

interface Invitation {
  readonly inviter: string;
  readonly tenantName: string;
  readonly role: MemberRole;
  readonly expiresAt: Date;
}

/** The letter that carries an invitation's link. */
export function invitationMail({ inviter, tenantName, role, expiresAt }: Invitation, link: string) {
  return {
    subject: `${inviter} invites you to ${tenantName}`,
    text: [
      'Hello,',
      '',
      `${inviter} invites you to join ${tenantName} on Tenantry as ${article(role)} ${role}.`,
      '',
      'Accept it here:',
      link,
      '',
      `The link works once, for you only, until ${format(expiresAt, 'd MMMM yyyy')}.`,
      'If you did not expect this, you can leave it: nothing happens until you accept.',
    ].join('\n'),
  };
}

const article = (role: MemberRole) => (/^[aeiou]/.test(role) ? 'an' : 'a');
