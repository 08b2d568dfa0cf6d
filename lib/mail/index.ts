export { type Delivery, deliver } from './deliver';
export { handOver } from './direct';
export { mailFunctions } from './functions';
export {
  forgetOutboxMails,
  listOutbox,
  type OpenedMail,
  type OutboxMail,
  readOutboxMail,
  showsOutbox,
} from './outbox';
export { mailRequested, queueMail } from './queue';
export { sameMail } from './same-mail';
