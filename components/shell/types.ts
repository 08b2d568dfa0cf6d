export interface Organisation {
  readonly id: string;
  readonly name: string;
  /** The person's role in it, for the switcher. */
  readonly role?: string;
}

export interface Person {
  readonly name: string;
  readonly email: string;
  readonly role: string;
}

/** A server action without a result: it redirects. */
export type SignOut = () => Promise<unknown>;
export type SwitchOrganisation = (tenantId: string) => Promise<unknown>;
