/** Why the vault refused, in terms an operator can act on. */
export type VaultFault =
  | 'key_missing'
  | 'key_wrong'
  | 'key_malformed'
  | 'key_exposed'
  | 'key_not_allowed'
  | 'key_state_missing'
  /** The key service answered, and does not let us use the key: no access, disabled, gone. */
  | 'key_refused'
  /** The key service did not answer, or not in time, or asks us to come back later. */
  | 'key_service_unavailable'
  /** The store of wrapped keys is not the one that this database's keys lie in, or is empty. */
  | 'key_store_wrong'
  | 'key_store_unavailable'
  /** The organisation's keys were destroyed on purpose. */
  | 'key_shredded'
  | 'context_mismatch'
  | 'unreadable';

/**
 * The vault refused to seal or open. Carries no key, no sealed text and no plain text: it may be
 * logged as it is.
 */
export class VaultError extends Error {
  override readonly name = 'VaultError';

  constructor(
    readonly fault: VaultFault,
    message: string,
  ) {
    super(message);
  }
}
