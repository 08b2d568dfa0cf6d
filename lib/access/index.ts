export { type Action, publicAction, staffAction, tenantAction } from './action';
export { currentMember, type StaffContext } from './caller';
export { recordDenial } from './denial';
export { type Endpoint, endpointOf } from './endpoint';
export {
  type Layout,
  type Page,
  publicPage,
  staffLayout,
  staffPage,
  tenantLayout,
  tenantPage,
} from './page';
export { type RequestFacts, requestFacts } from './request';
export { publicRoute, type RouteHandler, staffRoute, tenantRoute } from './route';
