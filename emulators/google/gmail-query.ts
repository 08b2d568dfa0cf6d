import type { Label, Message } from './state';

/** What a query may look at beside the message itself. */
export interface QueryContext {
  readonly labels: readonly Label[];
  readonly now: number;
}
export type Matches = (message: Message, context: QueryContext) => boolean;

const day = 86_400_000;
const units: Readonly<Record<string, number>> = { d: day, m: 30 * day, y: 365 * day };

export function headerOf(message: Message, name: string): string {
  const wanted = name.toLowerCase();
  return message.headers.find(([key]) => key.toLowerCase() === wanted)?.[1] ?? '';
}

const has =
  (id: string): Matches =>
  (message) =>
    message.labelIds.includes(id);
const inHeader =
  (name: string) =>
  (value: string): Matches =>
  (message) =>
    headerOf(message, name).toLowerCase().includes(value);

/** `label:` takes the name with `-` for blanks and slashes. */
function withLabel(value: string): Matches {
  const plain = (name: string) => name.toLowerCase().replace(/[\s/]+/g, '-');
  return (message, { labels }) => {
    const found = labels.find(({ name }) => plain(name) === plain(value));
    return found !== undefined && message.labelIds.includes(found.id);
  };
}

function within(value: string, sense: 'newer' | 'older'): Matches {
  const [, count, unit] = /^(\d+)([dmy])$/.exec(value) ?? [];
  const span = Number(count) * (units[unit ?? ''] ?? Number.NaN);
  return ({ receivedAt }, { now }) =>
    sense === 'newer' ? receivedAt >= now - span : receivedAt < now - span;
}

/** Seconds since the epoch, or a date as yyyy/mm/dd. */
function moment(value: string): number {
  if (/^\d{9,}$/.test(value)) return Number(value) * 1_000;
  return Date.parse(`${value.replaceAll('/', '-')}T00:00:00Z`);
}

function messageIdIs(value: string): Matches {
  const bare = value.replace(/[<>]/g, '');
  return (message) => headerOf(message, 'Message-ID').replace(/[<>]/g, '').toLowerCase() === bare;
}

function text(phrase: string): Matches {
  const words = phrase.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '\\s+');
  const pattern = new RegExp(`(?<![\\w])${words}(?![\\w])`, 'i');
  return (message) =>
    pattern.test(message.text) ||
    ['Subject', 'From', 'To', 'Cc'].some((name) => pattern.test(headerOf(message, name)));
}

const states: Readonly<Record<string, Matches>> = {
  unread: has('UNREAD'),
  read: (message) => !message.labelIds.includes('UNREAD'),
  starred: has('STARRED'),
  important: has('IMPORTANT'),
};

/**
 * The operators that are understood; any other word is text, as in Gmail.
 * Source: https://support.google.com/mail/answer/7190
 */
const operators: Readonly<Record<string, (value: string) => Matches>> = {
  from: inHeader('From'),
  to: inHeader('To'),
  cc: inHeader('Cc'),
  subject: inHeader('Subject'),
  list: inHeader('List-ID'),
  label: withLabel,
  in: (value) => (value === 'anywhere' ? () => true : has(value.toUpperCase())),
  is: (value) => states[value] ?? (() => false),
  category: (value) => has(`CATEGORY_${value === 'primary' ? 'PERSONAL' : value.toUpperCase()}`),
  has: (value) => (message) => value === 'attachment' && message.attachments.length > 0,
  filename: (value) => (message) =>
    message.attachments.some(({ filename }) => filename.toLowerCase().includes(value)),
  newer_than: (value) => within(value, 'newer'),
  older_than: (value) => within(value, 'older'),
  after: (value) => (message) => message.receivedAt > moment(value),
  before: (value) => (message) => message.receivedAt < moment(value),
  rfc822msgid: messageIdIs,
};

function term(word: string): Matches {
  const [, name, quoted, bare] = /^(\w+):(?:"([^"]*)"|(\S+))$/.exec(word) ?? [];
  const operator = name && Object.hasOwn(operators, name) ? operators[name] : undefined;
  if (operator) return operator((quoted ?? bare ?? '').toLowerCase());
  return text(word.replace(/^"|"$/g, ''));
}

/** Compile a Gmail search: blank is and, `OR`, `-` not, `( )` groups, `{ }` any of. */
export function compileQuery(query: string): Matches {
  const words = query.match(/-(?=[({"\w])|[(){}]|(?:\w+:)?"[^"]*"|[^\s(){}]+/g) ?? [];
  let at = 0;

  function group(close: string | null): Matches[] {
    const parts: Matches[] = [];
    while (at < words.length && words[at] !== close) {
      if (words[at] === ')' || words[at] === '}') at += 1;
      else if (words[at] === 'OR' && parts.length > 0) {
        at += 1;
        const left = parts.pop() as Matches;
        const right = at < words.length && words[at] !== close ? one() : left;
        parts.push((message, context) => left(message, context) || right(message, context));
      } else if (words[at] === 'AND') at += 1;
      else parts.push(one());
    }
    at += 1;
    return parts;
  }

  function one(): Matches {
    const word = words[at++] ?? '';
    if (word === '-') {
      const inner = one();
      return (message, context) => !inner(message, context);
    }
    if (word === '(') return all(group(')'));
    if (word === '{') return any(group('}'));
    return term(word);
  }

  return all(group(null));
}

function all(parts: readonly Matches[]): Matches {
  return (message, context) => parts.every((part) => part(message, context));
}

function any(parts: readonly Matches[]): Matches {
  return (message, context) => parts.some((part) => part(message, context));
}
