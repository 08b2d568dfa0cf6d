/** A token that speaks for somebody, and the consent that it was got with. */
export interface KeptToken {
  readonly token: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  readonly generation: number;
}

/** Tokens in memory and nowhere else: so many at most, of which the one used longest ago goes first. */
export class KeptTokens {
  readonly #kept = new Map<string, KeptToken>();
  readonly #most: number;

  /** @param most how many; one takes about 2 kB */
  constructor(most: number) {
    this.#most = most;
  }

  /** The token under this key, used now. */
  recall(key: string): KeptToken | null {
    const found = this.#kept.get(key);
    if (found) this.keep(key, found);
    return found ?? null;
  }

  keep(key: string, token: KeptToken): void {
    this.#kept.delete(key);
    this.#kept.set(key, token);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > this.#most && oldest !== undefined) this.#kept.delete(oldest);
  }

  /** Drop all whose key begins so. */
  forget(prefix: string): void {
    for (const key of this.#kept.keys()) if (key.startsWith(prefix)) this.#kept.delete(key);
  }
}
