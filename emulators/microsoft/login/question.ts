import { randomUUID } from 'node:crypto';
import { htmlResponse } from '../../page';
import { isKnownScope, requestedScopes } from '../permissions';
import type { Client, Directory, Store, User } from '../state';
import { signInErrorPage } from './pages';

/** A checked request for somebody's, or some administrator's, consent. */
export interface Question {
  readonly client: Client;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  /** The directory in the path; null for `organizations` and `common`. */
  readonly directory: Directory | null;
  readonly given: URLSearchParams;
}

const manyDirectories = ['organizations', 'common'];

function loopback(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, hash } = new URL(address);
  return /^https?:$/.test(protocol) && /^(.+\.)?localhost$|^127\.0\.0\.1$/.test(hostname) && !hash;
}

/** A fault that must not be redirected gets a page of its own, as at Microsoft. */
const wrong = (number: number, words: string) => htmlResponse(signInErrorPage(number, words), 400);

/** Check what both consent endpoints have in common. */
export function readQuestion(
  store: Store,
  tenant: string,
  given: URLSearchParams,
): Question | Response {
  const clientId = given.get('client_id') ?? '';
  const client = store.get('clients', '', clientId);
  if (!client) {
    return wrong(700016, `Application with identifier '${clientId}' was not found.`);
  }
  const directory = store.directory(tenant) ?? null;
  if (!directory && !manyDirectories.includes(tenant)) {
    return wrong(90002, `Tenant '${tenant}' not found.`);
  }
  const redirectUri = given.get('redirect_uri') ?? '';
  if (!loopback(redirectUri)) {
    return wrong(
      50011,
      'The redirect URI specified in the request does not match the redirect URIs configured for the application.',
    );
  }
  const scopes = requestedScopes(given.get('scope') ?? '');
  return { client, redirectUri, scopes, directory, given };
}

/** The scopes of an authorisation request that Microsoft does not know. */
export const unknownScopes = (scopes: readonly string[]) =>
  scopes.filter((scope) => !isKnownScope(scope));

/** Back to the app, with what the request had as `state`. */
export function backTo(question: Question, answer: Readonly<Record<string, string>>): Response {
  const url = new URL(question.redirectUri);
  for (const [name, value] of Object.entries(answer)) url.searchParams.set(name, value);
  const state = question.given.get('state');
  if (state !== null) url.searchParams.set('state', state);
  if (answer.code) url.searchParams.set('session_state', randomUUID());
  return new Response(null, { status: 302, headers: { location: url.href } });
}

/** Most people that a page lists, so that it opens with thousands in a directory. */
const listed = 12;

/** Who may be picked: those of the directory in the path, or the one that was hinted at. */
export function candidates(store: Store, { directory, given }: Question): [Directory, User][] {
  const directories = directory ? [directory] : store.all('directories', '');
  const hint = given.get('login_hint')?.toLowerCase();
  const everyone = directories.flatMap((one) => store.people(one.tid).map((user) => [one, user]));
  const people = everyone as [Directory, User][];
  const hinted = people.filter(([, { upn }]) => upn === hint);
  if (hinted.length > 0) return hinted;
  return directories.flatMap(({ tid }) =>
    people.filter(([one]) => one.tid === tid).slice(0, listed),
  );
}

/** The person who was picked. */
export function picked(store: Store, question: Question): [Directory, User] | undefined {
  const address = question.given.get('email')?.toLowerCase();
  const directories = question.directory ? [question.directory] : store.all('directories', '');
  for (const directory of directories) {
    const user = store.people(directory.tid).find(({ upn }) => upn === address);
    if (user) return [directory, user];
  }
  return undefined;
}
