import { tenantRoute } from '@/lib/access';
import { consentAnswer } from '@/lib/connections';
import { consentCallback } from '../../consent-callback';

/** Microsoft leads back here from its pages for people and for administrators. */
export const GET = tenantRoute(
  { permission: 'connections:manage', query: consentAnswer },
  (arrival) => consentCallback('microsoft', arrival),
);
