export { listStreams } from './browse';
export { createStreamInput, removeStreamInput, type StreamRow, streamParams } from './contract';
export { streamFunctions } from './functions';
export { createStream, pauseStream, removeStream, resumeStream, testStream } from './manage';
