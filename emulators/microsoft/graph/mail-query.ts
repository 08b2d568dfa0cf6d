import { graphError } from '../errors';
import type { Message } from '../state';

export type Matches = (message: Message) => boolean;

const invalid = (words: string) => graphError(400, 'ErrorInvalidUrlQueryFilter', words);

const addresses = (list: readonly { name: string; address: string }[]) =>
  list.map(({ name, address }) => `${name} ${address}`).join(' ');

const day = 86_400_000;

function received(operator: string, value: string): Matches {
  const begin = value === 'today' ? Math.floor(Date.now() / day) * day : Date.parse(value);
  if (Number.isNaN(begin)) return () => false;
  return ({ receivedAt }) => {
    switch (operator) {
      case '>=':
        return receivedAt >= begin;
      case '>':
        return receivedAt >= begin + day;
      case '<=':
        return receivedAt < begin + day;
      case '<':
        return receivedAt < begin;
      default:
        return receivedAt >= begin && receivedAt < begin + day;
    }
  };
}

const includes = (text: string, value: string) => text.toLowerCase().includes(value);

/** Property restrictions. Source: https://learn.microsoft.com/graph/search-query-parameter */
const properties: Readonly<Record<string, (value: string, operator: string) => Matches>> = {
  from: (value) => (message) => includes(addresses([message.from]), value),
  to: (value) => (message) => includes(addresses(message.to), value),
  participants: (value) => (message) => includes(addresses([message.from, ...message.to]), value),
  subject: (value) => (message) => includes(message.subject, value),
  body: (value) => (message) => includes(message.text, value),
  category: (value) => (message) => message.categories.some((one) => one.toLowerCase() === value),
  hasattachments: (value) => (message) =>
    message.attachments.length > 0 === (value === 'true' || value === 'yes'),
  hasattachment: (value) => (message) =>
    message.attachments.length > 0 === (value === 'true' || value === 'yes'),
  isread: (value) => (message) => message.isRead === (value === 'true' || value === 'yes'),
  attachment: (value) => (message) => message.attachments.some(({ name }) => includes(name, value)),
  received: (value, operator) => received(operator, value),
};

function anywhere(value: string): Matches {
  return ({ subject, text, from }) => includes(`${subject} ${text} ${addresses([from])}`, value);
}

function term(word: string): Matches {
  const negated = /^-(.+)$/.exec(word)?.[1];
  if (negated !== undefined) {
    const matches = term(negated);
    return (message) => !matches(message);
  }
  const [, name, operator, quoted, bare] =
    /^(\w+)(:|>=|<=|>|<|=)(?:"([^"]*)"|(\S+))$/.exec(word) ?? [];
  const property = properties[name?.toLowerCase() ?? ''];
  const value = (quoted ?? bare ?? '').toLowerCase();
  if (property && operator) return property(value, operator);
  return anywhere(word.replace(/^"|"$/g, '').toLowerCase());
}

/** What is joined by `OR`, up to the bracket that closes it. @param words are used up */
function anyOf(words: string[]): Matches {
  const choices = [allOf(words)];
  while (words[0] === 'OR') {
    words.shift();
    choices.push(allOf(words));
  }
  return (message) => choices.some((matches) => matches(message));
}

/** What is joined by `AND`, or by nothing. */
function allOf(words: string[]): Matches {
  const wanted: Matches[] = [];
  while (words.length > 0 && words[0] !== 'OR' && words[0] !== ')') wanted.push(one(words));
  return (message) => wanted.every((matches) => matches(message));
}

function one(words: string[]): Matches {
  const word = words.shift() ?? '';
  if (word === 'AND') return () => true;
  if (word === 'NOT') {
    const matches = one(words);
    return (message) => !matches(message);
  }
  if (word !== '(') return term(word);
  const matches = anyOf(words);
  words.shift();
  return matches;
}

/** A subset of the keyword query language that `$search` takes, in its outer quotes. */
export function compileSearch(search: string): Matches {
  const inner = /^"(.*)"$/s.exec(search.trim())?.[1];
  if (inner === undefined) {
    throw graphError(
      400,
      'BadRequest',
      `Syntax error: character ':' is not valid at position 0 in '${search}'.`,
    );
  }
  const query = inner.replace(/\\(["\\])/g, '$1');
  return anyOf(query.match(/[()]|-?(?:\w+(?::|>=|<=|>|<|=))?(?:"[^"]*"|[^\s()]+)/g) ?? []);
}

type Comparable = string | number | boolean;

/** What `$filter` may compare. */
const comparable: Readonly<Record<string, (message: Message) => Comparable>> = {
  internetMessageId: (message) => message.internetMessageId,
  conversationId: (message) => message.conversationId,
  parentFolderId: (message) => message.folderId,
  subject: (message) => message.subject,
  'from/emailAddress/address': (message) => message.from.address.toLowerCase(),
  receivedDateTime: (message) => message.receivedAt,
  isRead: (message) => message.isRead,
  isDraft: (message) => message.isDraft,
  hasAttachments: (message) => message.attachments.length > 0,
};

const compare: Readonly<Record<string, (a: Comparable, b: Comparable) => boolean>> = {
  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
  ge: (a, b) => a >= b,
  gt: (a, b) => a > b,
  le: (a, b) => a <= b,
  lt: (a, b) => a < b,
};

function literal(text: string): Comparable {
  const [, quoted] = /^'((?:[^']|'')*)'$/.exec(text) ?? [];
  if (quoted !== undefined) return quoted.replaceAll("''", "'");
  if (text === 'true' || text === 'false') return text === 'true';
  return Date.parse(text);
}

function clause(text: string): Matches {
  const [, category] = /^categories\/any\(\w+:\s*\w+ eq '((?:[^']|'')*)'\)$/.exec(text) ?? [];
  if (category !== undefined) {
    const name = category.replaceAll("''", "'");
    return ({ categories }) => categories.includes(name);
  }
  const [, test, tested, part = ''] =
    /^(contains|startswith)\((\S+?),\s*'((?:[^']|'')*)'\)$/.exec(text) ?? [];
  const textOf = comparable[tested ?? ''];
  if (test && textOf) {
    const wanted = part.replaceAll("''", "'").toLowerCase();
    return (message) => {
      const value = String(textOf(message)).toLowerCase();
      return test === 'contains' ? value.includes(wanted) : value.startsWith(wanted);
    };
  }
  const [, name = '', operator = '', value = ''] =
    /^(\S+) (eq|ne|ge|gt|le|lt) (.+)$/s.exec(text) ?? [];
  const property = comparable[name];
  const holds = compare[operator];
  if (!property || !holds) throw invalid(`The query filter contains invalid nodes: ${text}`);
  const wanted = literal(value);
  return (message) => holds(property(message), wanted);
}

/** A subset of `$filter`: clauses joined by `and`. */
export function compileFilter(filter: string): Matches {
  const clauses = filter
    .split(/\s+and\s+(?=(?:[^']*'[^']*')*[^']*$)/)
    .map((part) => clause(part.trim()));
  return (message) => clauses.every((matches) => matches(message));
}
