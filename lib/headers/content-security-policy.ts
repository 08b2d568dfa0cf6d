export interface PolicyOptions {
  /** Fresh for every response, from a cryptographic source. */
  readonly nonce: string;
  /** Allows what the framework's development server needs: eval, inline styles, web sockets. */
  readonly development: boolean;
  /** Origins that a form of ours may lead to: identity providers and consent pages. */
  readonly formTargets: readonly string[];
}

/**
 * SHA-256 of the style sheet that sonner 2.0.8 adds on import, and of the empty one it adds first.
 * It takes no nonce; a test recomputes the value from the installed package.
 */
export const toastStyleHashes = [
  'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
  'sha256-StEaX+se6YS7pqjzrzMIA0KaX9zF/8zAhvQXZAe5epY=',
] as const;

/**
 * The policy of every page (CSP Level 3): scripts by nonce only, styles from our files, by nonce or by
 * hash, nothing from elsewhere, no framing.
 */
export function contentSecurityPolicy(options: PolicyOptions): string {
  const { nonce, development, formTargets } = options;
  const hashes = toastStyleHashes.map((hash) => `'${hash}'`).join(' ');
  const directives: Record<string, string> = {
    'default-src': "'self'",
    'script-src': `'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ''}`,
    'style-src': development ? "'self' 'unsafe-inline'" : `'self' 'nonce-${nonce}' ${hashes}`,
    'img-src': "'self' data: blob:",
    'font-src': "'self'",
    'connect-src': development ? "'self' ws:" : "'self'",
    'object-src': "'none'",
    'base-uri': "'self'",
    'form-action': ["'self'", ...new Set(formTargets)].join(' '),
    'frame-ancestors': "'none'",
  };
  return Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ');
}
