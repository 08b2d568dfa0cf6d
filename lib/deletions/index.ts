export { askToDelete, stopDeletion } from './ask';
export {
  certificateOf,
  countOpenDeletions,
  listDeletions,
  openDeletion,
  openLifecycle,
  type TenantLifecycle,
} from './browse';
