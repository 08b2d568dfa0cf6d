export { deliveryPurge, providerNotice, subscriptionUpkeep } from './functions';
export { receiveGraphNotice } from './microsoft';
export { receiveSlackEvent } from './slack';
export { unsubscribe } from './subscriptions';
