export { contentSecurityPolicy, toastStyleHashes } from './content-security-policy';
export { formTargets } from './form-targets';
export { acceptRequestId } from './request-id';
export { responseHeaders } from './response-headers';
