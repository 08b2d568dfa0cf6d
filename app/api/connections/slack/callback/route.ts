import { tenantRoute } from '@/lib/access';
import { consentAnswer } from '@/lib/connections';
import { consentCallback } from '../../consent-callback';

/** Slack leads back here from the page where its app is added. */
export const GET = tenantRoute(
  { permission: 'connections:manage', query: consentAnswer },
  (arrival) => consentCallback('slack', arrival),
);
