import type { Account, Organization, ServiceAccount } from '../state';
import type { Organisation } from './organisations';
import { randomFrom } from './random';

const auth = (name: string) => `https://www.googleapis.com/auth/${name}`;

/** What the administrators of the demo let their service accounts do. */
export const delegatedFromTheStart: readonly string[] = [
  'admin.directory.user.readonly',
  'admin.directory.customer.readonly',
  'gmail.modify',
  'drive.metadata.readonly',
  'calendar.readonly',
  'calendar.events',
  'drive.readonly',
].map(auth);

/** An organisation as Google's directory has it, with the service account that it made itself. */
export function directoryOf(organisation: Organisation): {
  organization: Organization;
  serviceAccount: ServiceAccount;
} {
  const { domain, name } = organisation;
  const random = randomFrom(`directory of ${domain}`);
  const projectId = `${domain.replace(/\W.*/, '')}-automation`;
  const clientId = `1${random.id(20, '0123456789')}`;
  return {
    organization: {
      customerId: `C0${random.id(7, '0123456789abcdefghijklmnopqrstuvwxyz')}`,
      domain,
      name,
      delegations: [{ clientId, scopes: delegatedFromTheStart }],
    },
    serviceAccount: {
      email: `tenantry@${projectId}.iam.gserviceaccount.com`,
      clientId,
      projectId,
      domain,
      state: 'enabled',
      key: null,
    },
  };
}

/** Further people, of whom there is nothing to say but that they are there. */
export function crowd(organisation: Organisation, count: number): Account[] {
  const { domain, timeZone } = organisation;
  return Array.from({ length: count }, (_, index) => {
    const number = String(index + 1).padStart(5, '0');
    const random = randomFrom(`person ${number} of ${domain}`);
    return {
      sub: `1${random.id(20, '0123456789')}`,
      email: `person${number}@${domain}`,
      name: `Person ${number}`,
      givenName: 'Person',
      familyName: number,
      hd: domain,
      timeZone,
    };
  });
}
