import { type ApiCall, type App, apiRoutes } from './api';
import { forbidden, invalid, notFound } from './errors';
import { ordered, page, pageSize } from './paging';
import { accepted } from './scopes';
import type { Account, Organization } from './state';
import type { Store } from './store';

/** The organisation of whoever asks; only its administrators get an answer. */
function administered({ store, account }: ApiCall): Organization {
  const organization = store.get('organizations', '', account.hd);
  if (!organization || !account.admin) {
    throw forbidden('Not Authorized to access this resource/api');
  }
  return organization;
}

function userResource(one: Account, { customerId }: Organization) {
  const { sub, email, name, givenName, familyName } = one;
  return {
    kind: 'admin#directory#user',
    id: sub,
    primaryEmail: email,
    name: { givenName, familyName, fullName: name },
    isAdmin: one.admin ?? false,
    isDelegatedAdmin: false,
    suspended: one.suspended ?? false,
    archived: false,
    customerId,
    orgUnitPath: '/',
    isMailboxSetup: one.gmail ?? true,
    emails: [{ address: email, primary: true }],
    creationTime: '2024-01-15T09:00:00.000Z',
  };
}

function listUsers(call: ApiCall) {
  const { store, query } = call;
  const organization = administered(call);
  const { domain, customerId } = organization;
  const customer = query.get('customer');
  const asked = query.get('domain');
  if (customer === null && asked === null) throw invalid('Bad Request', 'customer');
  if (customer !== null && ![customerId, 'my_customer'].includes(customer)) throw notFound();
  if (asked !== null && asked !== domain) throw notFound('Domain not found.');
  if (query.has('query')) throw invalid('Invalid Input: query', 'query');
  if (![null, 'email'].includes(query.get('orderBy'))) throw invalid('Invalid Input', 'orderBy');
  const order = ({ email }: Account) => email;
  const people = store.all('accounts', '').filter(({ hd }) => hd === domain);
  const size = pageSize(query.get('maxResults'), 100, 500);
  const given = page(ordered(people, order), order, size, query.get('pageToken'), domain);
  return {
    kind: 'admin#directory#users',
    ...(given.nextPageToken && { nextPageToken: given.nextPageToken }),
    users: given.rows.map((one) => userResource(one, organization)),
  };
}

function getUser(call: ApiCall) {
  const organization = administered(call);
  const key = call.params.userKey?.toLowerCase() ?? '';
  const people = call.store.all('accounts', '').filter(({ hd }) => hd === organization.domain);
  const found = people.find(({ email, sub }) => email === key || sub === key);
  if (!found) throw notFound('Resource Not Found: userKey');
  return userResource(found, organization);
}

function getCustomer(call: ApiCall) {
  const { customerId, domain, name } = administered(call);
  if (!['my_customer', customerId].includes(call.params.customerKey ?? '')) throw notFound();
  return {
    kind: 'admin#directory#customer',
    id: customerId,
    customerDomain: domain,
    alternateEmail: `admin@${domain}`,
    postalAddress: { organizationName: name },
    language: 'en',
    customerCreationTime: '2024-01-15T09:00:00.000Z',
  };
}

/** The Admin SDK's Directory API, v1, as far as the adapter goes. */
export function directoryRoutes(app: App, store: Store): void {
  const route = apiRoutes(app, store);
  route('get', '/admin/directory/v1/users', accepted.directoryUsers, listUsers);
  route('get', '/admin/directory/v1/users/:userKey', accepted.directoryUsers, getUser);
  const customer = '/admin/directory/v1/customers/:customerKey';
  route('get', customer, accepted.directoryCustomer, getCustomer);
}
