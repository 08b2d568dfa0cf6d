/** A From header in its parts; only the usual forms `Name <a@b>` and `a@b` (RFC 5322 §3.4). */
export function parseAddress(from: string): { readonly address: string; readonly name: string } {
  const angle = /^\s*"?([^"<]*?)"?\s*<([^<>\s]+)>\s*$/.exec(from);
  if (angle) return { name: angle[1] ?? '', address: (angle[2] ?? '').toLowerCase() };
  return { name: '', address: from.trim().toLowerCase() };
}
