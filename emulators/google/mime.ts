import { invalid } from './errors';

/** A message as it was sent, taken apart (RFC 5322, RFC 2045–2047). */
export interface ParsedMime {
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly text: string;
  readonly html: string | null;
  readonly attachments: readonly {
    readonly filename: string;
    readonly mimeType: string;
    readonly content: Buffer;
  }[];
}

interface Entity {
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

function splitEntity(source: string): Entity {
  const [, head = source, body = ''] = /^([\s\S]*?)\r?\n\r?\n([\s\S]*)$/.exec(source) ?? [];
  const lines = head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
  const headers = lines.flatMap((line): [string, string][] => {
    const [, name, value] = /^([!-9;-~]+):\s*(.*)$/.exec(line) ?? [];
    return name === undefined ? [] : [[name, decodeWords(value ?? '')]];
  });
  return { headers, body };
}

/** Encoded words: `=?utf-8?Q?…?=` and `=?utf-8?B?…?=`; blanks between two of them vanish. */
function decodeWords(value: string): string {
  return value
    .replace(/(\?=)\s+(?==\?)/g, '$1')
    .replace(/=\?([^?]+)\?([QB])\?([^?]*)\?=/gi, (_, charset, encoding, content) =>
      encoding.toUpperCase() === 'B'
        ? decodeText(Buffer.from(content, 'base64'), charset)
        : decodeText(unquote(content.replaceAll('_', ' ')), charset),
    );
}

function unquote(content: string): Buffer {
  const bytes = content
    .replace(/=\r?\n/g, '')
    .replace(/=([0-9A-F]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1');
}

function decodeText(bytes: Buffer, charset: string): string {
  return new TextDecoder(charset).decode(bytes);
}

function headerValue(entity: Entity, name: string): string {
  return entity.headers.find(([key]) => key.toLowerCase() === name)?.[1] ?? '';
}

function parameter(header: string, name: string): string | null {
  const found = new RegExp(`;\\s*${name}="?([^";]+)"?`, 'i').exec(header);
  return found?.[1] ?? null;
}

function content(entity: Entity): Buffer {
  switch (headerValue(entity, 'content-transfer-encoding').toLowerCase()) {
    case 'base64':
      return Buffer.from(entity.body, 'base64');
    case 'quoted-printable':
      return unquote(entity.body);
    default:
      return Buffer.from(entity.body, 'latin1');
  }
}

function leaves(entity: Entity): Entity[] {
  const boundary = parameter(headerValue(entity, 'content-type'), 'boundary');
  if (boundary === null) return [entity];
  const parts = `\r\n${entity.body}`.split(`\n--${boundary}`).slice(1);
  return parts
    .filter((part) => !part.startsWith('--'))
    .flatMap((part) => leaves(splitEntity(part.replace(/^\r?\n/, '').replace(/\r$/, ''))));
}

/** Parse a whole message. @throws Refused when it has no headers at all */
export function parseMime(raw: Buffer): ParsedMime {
  const whole = splitEntity(raw.toString('latin1'));
  if (whole.headers.length === 0) throw invalid('Invalid RFC 822 message');
  const texts: Record<string, string | undefined> = {};
  const attachments: ParsedMime['attachments'][number][] = [];
  for (const leaf of leaves(whole)) {
    const type = headerValue(leaf, 'content-type') || 'text/plain';
    const mimeType = type.split(';')[0]?.trim().toLowerCase() ?? '';
    const filename =
      parameter(headerValue(leaf, 'content-disposition'), 'filename') ?? parameter(type, 'name');
    if (filename) attachments.push({ filename, mimeType, content: content(leaf) });
    else texts[mimeType] ??= decodeText(content(leaf), parameter(type, 'charset') ?? 'utf-8');
  }
  const structural = /^(content-|mime-version)/i;
  return {
    headers: whole.headers.filter(([name]) => !structural.test(name)),
    text: texts['text/plain'] ?? '',
    html: texts['text/html'] ?? null,
    attachments,
  };
}

/** The mail addresses in an address header. */
export function addressesIn(header: string): string[] {
  return (header.match(/[^\s<>,;"]+@[^\s<>,;"]+/g) ?? []).map((address) => address.toLowerCase());
}
