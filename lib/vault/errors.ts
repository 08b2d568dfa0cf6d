/** Why the vault refused, in terms an operator can act on. */
export type VaultFault =
  | 'key_missing'
  | 'key_wrong'
  | 'key_malformed'
  | 'key_exposed'
  | 'key_not_allowed'
  | 'key_state_missing'
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
