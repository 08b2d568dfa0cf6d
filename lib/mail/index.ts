export { type Delivery, deliver } from './deliver';
export { mailFunctions } from './functions';
export { listOutbox, type OutboxMail, readOutboxMail, usesOutbox } from './outbox';
export { mailRequested, queueMail } from './queue';
