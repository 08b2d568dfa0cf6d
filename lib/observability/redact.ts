const censor = '[redacted]';
const maxDepth = 8;
const maxItems = 50;
/** Characters kept of one text. */
const maxText = 8_000;

/** Keys whose value is a secret or somebody's content, wherever they stand. */
const secretKey =
  /^(?:.*(?:pass(?:word|phrase|wd)?|secret|tokens?|authorization|cookies?|api[-_]?key|private[-_]?key|credentials?|verifier|signature)|sealed.*|jwt|otp|body|html|text|snippet|raw)$/i;

/** Keys that name a secret in OAuth and a plain word elsewhere: an error's code, a run's state. */
const ambiguousKey = /^(?:code|state)$/i;
const plainWord = /^[\w.-]{1,24}$/;

/** A JSON web token or JWE: base64url parts after a base64url `{"`. */
function withoutToken(run: string): string {
  const at = run.search(/\beyJ/);
  return at >= 0 && run.includes('.', at) ? `${run.slice(0, at)}${censor}` : run;
}

type Rule = readonly [RegExp, string | ((found: string) => string)];

/**
 * Secrets by their own shape, in any text. Each keeps what it needs to stay readable.
 *
 * Callers choose texts (paths, headers, mail), so each rule must take time in proportion to the text:
 * one that is open at its left end begins at the beginning of a run, or has a bounded length.
 */
const textRules: readonly Rule[] = [
  [/\b(Bearer|Basic)\s+[\w.~+/-]+=*/gi, `$1 ${censor}`],
  [/[\w.-]{12,}/g, withoutToken],
  // Google access and refresh tokens, Slack tokens, key material.
  [/\b(?:ya29\.|1\/\/0)[\w-]+/g, censor],
  [/\bxox[a-z]-[\w-]+/g, censor],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, censor],
  // user:password@host
  [/([a-z0-9+.-]{1,32}:\/\/[^\s:/@"]+:)[^\s@/"]+@/gi, `$1${censor}@`],
  [
    /([?&;](?:code|state|[\w-]*token|[\w-]*secret|password|signature|code_verifier|nonce|key)=)[^&\s"'\\]+/gi,
    `$1${censor}`,
  ],
  // The secret in the link of an invitation, or of a consent.
  [/(\/(?:invitations|reconsent)\/)[\w-]{20,}/g, `$1${censor}`],
  // The parameters that a failed query's message repeats.
  [/(\bparams: )(?:[^"\\]|\\(?!n))*/g, `$1${censor}`],
  // Addresses of people: enough is left to recognise one's own.
  [/(?<![\w.+-])([\w.+-])[\w.+-]*@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)/g, '$1…@$2'],
];

/** Take secrets out of a text by their shape. */
export function redactText(text: string): string {
  return textRules.reduce(
    (result, [pattern, replacement]) => result.replace(pattern, replacement as string),
    text,
  );
}

/** The beginning of a text that is too long to be read. */
function shortened(text: string): string {
  const left = text.length - maxText;
  return left > 0 ? `${text.slice(0, maxText)}… (${left} more characters)` : text;
}

/** What may be logged of an error: never its own properties, which hold requests and their headers. */
export function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return redactValue(error, depth + 1);
  const { code, status } = error as Error & { code?: unknown; status?: unknown };
  return {
    type: error.name,
    message: redactText(shortened(error.message)),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(typeof status === 'number' ? { status } : {}),
    stack: redactText(shortened(error.stack ?? '')),
    ...(error.cause !== undefined && depth < maxDepth
      ? { cause: describeError(error.cause, depth + 1) }
      : {}),
  };
}

/** A copy with every secret taken out, at any depth; too deep or too long is cut. */
export function redactValue(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(shortened(value));
  if (typeof value !== 'object' || value === null) {
    return typeof value === 'bigint' ? value.toString() : value;
  }
  if (value instanceof Error) return describeError(value, depth);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof URL) return redactText(shortened(value.href));
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (depth >= maxDepth) return '[too deep]';
  if (Array.isArray(value)) {
    return value.slice(0, maxItems).map((item) => redactValue(item, depth + 1));
  }
  const entries = value instanceof Map ? [...value.entries()] : Object.entries(value);
  return Object.fromEntries(
    entries.map(([key, item]) => [key, redactEntry(String(key), item, depth + 1)]),
  );
}

function redactEntry(key: string, value: unknown, depth: number): unknown {
  if (value === undefined || value === null) return value;
  if (secretKey.test(key)) return censor;
  if (ambiguousKey.test(key) && typeof value === 'string' && !plainWord.test(value)) return censor;
  return redactValue(value, depth);
}
