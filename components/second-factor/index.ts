export { CodeField, type DemoCodes } from './code-field';
export { Enrol } from './enrol';
export { FactorCard } from './factor-card';
export { ProveForm } from './prove-form';
export { RecoveryCodes } from './recovery-codes';
