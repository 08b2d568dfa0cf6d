import { invalid } from './errors';
import type { DriveFile } from './state';

export type FileMatches = (file: DriveFile) => boolean;

/** The words of a query: quoted strings, parentheses, comparison signs and names. */
function words(query: string): string[] {
  const found = query.match(/'(?:[^'\\]|\\.)*'|[()]|[!<>]?=|[<>]|[\w-]+|\S/g) ?? [];
  return found.map((word) => word.trim()).filter(Boolean);
}

function unquoted(word: string | undefined): string {
  if (!word || !/^'.*'$/s.test(word)) throw invalid('Invalid Value', 'q');
  return word.slice(1, -1).replace(/\\(.)/g, '$1');
}

function compare(sign: string, left: number | string, right: number | string): boolean {
  switch (sign) {
    case '=':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
    default:
      throw invalid('Invalid Value', 'q');
  }
}

/** Who can see it by its widest permission, in Google's words. */
function visibilityOf({ permissions }: DriveFile): string {
  if (permissions.some(({ type }) => type === 'anyone')) return 'anyoneWithLink';
  return permissions.some(({ type }) => type === 'domain') ? 'domainWithLink' : 'limited';
}

function fieldTerm(name: string, sign: string, value: string): FileMatches {
  const text = () => unquoted(value);
  switch (name) {
    case 'name': {
      const wanted = text().toLowerCase();
      if (sign === 'contains') return (file) => file.name.toLowerCase().includes(wanted);
      return (file) => compare(sign, file.name.toLowerCase(), wanted);
    }
    case 'mimeType': {
      const wanted = text();
      if (sign === 'contains') return (file) => file.mimeType.startsWith(wanted);
      return (file) => compare(sign, file.mimeType, wanted);
    }
    case 'modifiedTime': {
      const at = Date.parse(text());
      return (file) => compare(sign, file.modifiedAt, at);
    }
    case 'visibility': {
      const wanted = text();
      return (file) => compare(sign, visibilityOf(file), wanted);
    }
    case 'trashed':
      return (file) => compare(sign, String(file.trashed), value);
    default:
      throw invalid('Invalid Value', 'q');
  }
}

function memberTerm(value: string, collection: string, email: string, rootId: string): FileMatches {
  if (collection === 'parents') {
    const parent = value === 'root' ? rootId : value;
    return (file) => file.parents.includes(parent);
  }
  const who = value === 'me' ? email : value;
  const roles: Record<string, readonly string[]> = {
    owners: ['owner'],
    writers: ['owner', 'organizer', 'writer'],
    readers: ['owner', 'organizer', 'writer', 'commenter', 'reader'],
  };
  const wanted = roles[collection];
  if (!wanted) throw invalid('Invalid Value', 'q');
  return (file) =>
    file.permissions.some((one) => one.emailAddress === who && wanted.includes(one.role));
}

/**
 * Compile a Drive search. What Google would refuse is refused.
 * Source: https://developers.google.com/workspace/drive/api/guides/search-files
 */
export function compileFileQuery(query: string, email: string, rootId: string): FileMatches {
  const tokens = words(query);
  let at = 0;

  function disjunction(): FileMatches {
    const left = conjunction();
    if (tokens[at] !== 'or') return left;
    at += 1;
    const right = disjunction();
    return (file) => left(file) || right(file);
  }

  function conjunction(): FileMatches {
    const left = negation();
    if (tokens[at] !== 'and') return left;
    at += 1;
    const right = conjunction();
    return (file) => left(file) && right(file);
  }

  function negation(): FileMatches {
    if (tokens[at] === 'not') {
      at += 1;
      const inner = negation();
      return (file) => !inner(file);
    }
    if (tokens[at] !== '(') return term();
    at += 1;
    const inner = disjunction();
    if (tokens[at++] !== ')') throw invalid('Invalid Value', 'q');
    return inner;
  }

  function term(): FileMatches {
    const [first = '', second = '', third = ''] = tokens.slice(at);
    if (first === 'sharedWithMe') {
      at += 1;
      return (file) => file.owner !== null && file.owner !== email;
    }
    at += 3;
    if (second === 'in') return memberTerm(unquoted(first), third, email, rootId);
    return fieldTerm(first, second, third);
  }

  if (tokens.length === 0) return () => true;
  const matches = disjunction();
  if (at !== tokens.length) throw invalid('Invalid Value', 'q');
  return matches;
}
