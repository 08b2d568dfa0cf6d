export { startProcess } from './start';
