import { consentCallback } from '../../consent-callback';

/** Microsoft leads back here from its pages for people and for administrators. */
export const GET = consentCallback('microsoft');
