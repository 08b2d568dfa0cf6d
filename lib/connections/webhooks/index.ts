export { deliveryPurge, providerNotice } from './functions';
export { receiveSlackEvent } from './slack';
