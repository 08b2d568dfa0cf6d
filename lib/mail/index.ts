export { type Delivery, deliver } from './deliver';
export { listOutbox, type OutboxMail, readOutboxMail } from './outbox';
export { mailRequested, queueMail } from './queue';
