import { consentCallback } from '../../consent-callback';

/** Slack leads back here from the page where its app is added. */
export const GET = consentCallback('slack');
