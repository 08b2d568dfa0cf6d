export * from './alerts';
export * from './audit';
export * from './automations';
export * from './connections';
export * from './roles';
export * from './table';
export * from './tenancy';
export * from './trust';
