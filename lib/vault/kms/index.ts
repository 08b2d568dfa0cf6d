export { awsKey } from './aws';
export { azureKey } from './azure';
export { googleKey } from './google';
export { type TransitAccess, transitKey } from './transit';
