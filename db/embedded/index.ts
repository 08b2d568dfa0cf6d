export { type EmbeddedFault, EmbeddedPostgresError } from './errors';
export {
  type EmbeddedOptions,
  type EmbeddedServer,
  socketUrl,
  startEmbedded,
} from './server';
