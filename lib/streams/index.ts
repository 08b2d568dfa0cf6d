export { listStreams } from './browse';
export { failingStreams, listPlatformStreams } from './console';
export {
  createStreamInput,
  platformStreamFilter,
  removeStreamInput,
  type StreamRow,
  streamParams,
} from './contract';
export { streamFunctions } from './functions';
export { createStream, pauseStream, removeStream, resumeStream, testStream } from './manage';
