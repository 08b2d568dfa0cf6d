/**
 * A From header in its parts; only the usual forms `Name <a@b>` and `a@b` (RFC 5322 §3.4). Whoever
 * writes the mail chooses it, so it is read in time proportional to its length.
 */
export function parseAddress(from: string): { readonly address: string; readonly name: string } {
  const text = from.trim();
  const open = text.lastIndexOf('<');
  const address = text.slice(open + 1, -1);
  if (open < 0 || !text.endsWith('>') || !/^[^<>\s]+$/.test(address)) {
    return { name: '', address: text.toLowerCase() };
  }
  const name = text.slice(0, open).trim();
  return { name: name.replace(/^"/, '').replace(/"$/, '').trim(), address: address.toLowerCase() };
}
