import { tenantRoute } from '@/lib/access';
import { consentAnswer } from '@/lib/connections';
import { consentCallback } from '../../consent-callback';

/** Google leads back here from its consent page. */
export const GET = tenantRoute(
  { permission: 'connections:manage', query: consentAnswer },
  (arrival) => consentCallback('google', arrival),
);
