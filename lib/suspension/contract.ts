/** A suspension began or ended. A kind of job that is carried out though its tenant is held. */
export const suspensionChanged = 'tenant/suspension-changed';

/** An organisation of somebody's that is held, as its people are told. */
export interface HeldOrganisation {
  readonly name: string;
  readonly state: 'suspended' | 'deleting';
  /** What staff say to its people; null while it is being deleted. */
  readonly notice: string | null;
  /** ISO 8601; null when it is not known. */
  readonly since: string | null;
}
