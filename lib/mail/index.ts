export { type Delivery, deliver } from './deliver';
export { mailFunctions } from './functions';
export { listOutbox, type OutboxMail, readOutboxMail, showsOutbox } from './outbox';
export { mailRequested, queueMail } from './queue';
