import { consentCallback } from '../../consent-callback';

/** Google leads back here from its consent page. */
export const GET = consentCallback('google');
