import { randomBytes } from 'node:crypto';
import { htmlResponse } from '../page';
import { type App, answered, authenticate, bearer, methods, Refused, readArguments } from './api';
import { consentPage, type Role, wrongRequestPage } from './consent-page';
import type { SlackEvents } from './events';
import { botUserId } from './seed';
import type { Client, Person, Store, Team } from './state';
import { accessTokenLifetime, endTokens, issueTokens, revokeToken, rotate } from './tokens';

/** Milliseconds: https://docs.slack.dev/authentication/installing-with-oauth */
const codeLifetime = 10 * 60_000;

function loopback(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname, hash } = new URL(address);
  return /^https?:$/.test(protocol) && /^(.+\.)?localhost$|^127\.0\.0\.1$/.test(hostname) && !hash;
}

interface Question {
  readonly client: Client;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
}

/** Check an authorisation request; a fault that must not be redirected gets a page of its own. */
function readQuestion(store: Store, given: URLSearchParams): Question | Response {
  const client = store.get('clients', '', given.get('client_id') ?? '');
  if (!client) return htmlResponse(wrongRequestPage('invalid_client_id'), 400);
  const redirectUri = given.get('redirect_uri') ?? '';
  if (!loopback(redirectUri)) return htmlResponse(wrongRequestPage('bad_redirect_uri'), 400);
  const scopes = (given.get('scope') ?? '').split(/[\s,]+/).filter(Boolean);
  if (scopes.length === 0) return htmlResponse(wrongRequestPage('invalid_scope'), 400);
  return { client, redirectUri, scopes };
}

function backTo({ redirectUri }: Question, given: URLSearchParams, answer: [string, string]) {
  const url = new URL(redirectUri);
  url.searchParams.set(...answer);
  url.searchParams.set('state', given.get('state') ?? '');
  return new Response(null, { status: 302, headers: { location: url.href } });
}

function ask(store: Store, given: URLSearchParams): Response {
  const question = readQuestion(store, given);
  if (question instanceof Response) return question;
  const wanted = given.get('team');
  const teams = store.all('teams', '').filter(({ id }) => !wanted || id === wanted);
  const { client, scopes } = question;
  const request = new Map([...given].filter(([name]) => name !== 'team'));
  return htmlResponse(consentPage({ appName: client.name, teams, scopes, request }));
}

/** Slack lets members allow an app, too, unless the workspace's settings keep them from it. */
function signedIn(store: Store, teamId: string, role: Role): string | undefined {
  const people = store.all('people', teamId).filter(({ bot, guest, deleted }) => {
    return !bot && !guest && !deleted;
  });
  const held = ({ admin, owner }: Person): Role => (owner ? 'owner' : admin ? 'admin' : 'member');
  return people.find((one) => held(one) === role)?.id;
}

function decide(store: Store, given: URLSearchParams): Response {
  const question = readQuestion(store, given);
  if (question instanceof Response) return question;
  const team = store.get('teams', '', given.get('team') ?? '');
  const userId = team && signedIn(store, team.id, (given.get('role') ?? 'admin') as Role);
  if (given.has('deny') || !team || !userId)
    return backTo(question, given, ['error', 'access_denied']);
  const code = `${randomBytes(6).readUIntBE(0, 6)}.${randomBytes(32).toString('hex')}`;
  store.put('codes', '', code, {
    teamId: team.id,
    userId,
    clientId: question.client.clientId,
    redirectUri: question.redirectUri,
    scopes: question.scopes,
    expiresAt: Date.now() + codeLifetime,
  });
  store.commit();
  return backTo(question, given, ['code', code]);
}

function authenticateClient(store: Store, request: Request, given: URLSearchParams): Client {
  const basic = /^Basic (\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
  const [id, secret] = basic
    ? Buffer.from(basic, 'base64').toString().split(':')
    : [given.get('client_id'), given.get('client_secret')];
  const client = store.get('clients', '', id ?? '');
  if (!client) throw new Refused('invalid_client_id');
  if (client.clientSecret !== secret) throw new Refused('bad_client_secret');
  return client;
}

/** Slack gives all permissions that the app was ever granted in the workspace: consents add up. */
function install(
  store: Store,
  client: Client,
  teamId: string,
  redirectUri: string,
  more: readonly string[],
) {
  const before = store.get('installations', '', teamId)?.scopes ?? [];
  const scopes = [...new Set([...before, ...more])];
  store.put('installations', '', teamId, {
    teamId,
    clientId: client.clientId,
    botUserId: botUserId(teamId),
    scopes,
    eventsUrl: new URL('/api/webhooks/slack', redirectUri).href,
  });
  return scopes;
}

function spendCode(store: Store, client: Client, given: URLSearchParams) {
  const key = given.get('code') ?? '';
  const code = store.get('codes', '', key);
  store.delete('codes', '', key);
  if (!code || code.clientId !== client.clientId) throw new Refused('invalid_code');
  if (code.expiresAt < Date.now()) throw new Refused('code_expired');
  if (code.redirectUri !== given.get('redirect_uri')) throw new Refused('bad_redirect_uri');
  const { teamId, userId } = code;
  const scopes = install(store, client, teamId, code.redirectUri, code.scopes);
  const tokens = issueTokens(store, { teamId, clientId: client.clientId, scopes });
  return { ...tokens, teamId, scopes, more: { authed_user: { id: userId } } };
}

function spendRefreshToken(store: Store, client: Client, given: URLSearchParams) {
  const rotated = rotate(store, client.clientId, given.get('refresh_token') ?? '');
  if (!rotated) throw new Refused('invalid_refresh_token');
  const { access, refresh, grant } = rotated;
  return { access, refresh, teamId: grant.teamId, scopes: grant.scopes, more: {} };
}

function tokenAnswer(store: Store, request: Request, given: URLSearchParams) {
  const client = authenticateClient(store, request, given);
  const kind = given.get('grant_type') ?? 'authorization_code';
  if (kind !== 'authorization_code' && kind !== 'refresh_token') {
    throw new Refused('invalid_grant_type');
  }
  const spend = kind === 'refresh_token' ? spendRefreshToken : spendCode;
  const { access, refresh, teamId, scopes, more } = spend(store, client, given);
  const team = store.get('teams', '', teamId) as Team;
  return {
    app_id: client.appId,
    team: { id: team.id, name: team.name },
    enterprise: null,
    is_enterprise_install: false,
    bot_user_id: botUserId(teamId),
    scope: scopes.join(','),
    token_type: 'bot',
    access_token: access,
    ...(refresh && { refresh_token: refresh, expires_in: accessTokenLifetime }),
    ...more,
  };
}

/** Remove the app from a workspace; all its tokens there end. */
export function uninstall(store: Store, events: SlackEvents, teamId: string): void {
  endTokens(store, teamId, 'account_inactive');
  events.tokensRevoked(teamId);
  events.appUninstalled(teamId);
  store.delete('installations', '', teamId);
}

/** Slack's OAuth v2 with token rotation, and what a token can ask about itself. */
export function oauthRoutes(app: App, store: Store, events: SlackEvents): void {
  app.get('/oauth/v2/authorize', (c) => ask(store, new URL(c.req.url).searchParams));
  app.post('/oauth/v2/authorize/callback', async (c) =>
    decide(store, new URLSearchParams(await c.req.text())),
  );
  const access = (c: { readonly req: { readonly raw: Request } }) =>
    answered(store, async () =>
      tokenAnswer(store, c.req.raw, await readArguments(c.req.raw.clone())),
    );
  app.post('/api/oauth.v2.access', access);
  app.get('/api/oauth.v2.access', access);

  const method = methods(app, store);
  method('auth.test', ({ token, botUserId: user_id }) => {
    const team = store.get('teams', '', token.teamId) as Team;
    return {
      url: `https://${team.domain}.slack.com/`,
      team: team.name,
      user: 'tenantry',
      team_id: team.id,
      user_id,
      bot_id: user_id.replace(/^U/, 'B'),
      is_enterprise_install: false,
    };
  });
  app.post('/api/auth.revoke', (c) =>
    answered(store, async () => {
      const given = await readArguments(c.req.raw.clone());
      const presented = bearer(c.req.raw) ?? given.get('token') ?? '';
      const { teamId } =
        store.get('refreshTokens', '', presented) ?? authenticate(store, presented || null);
      revokeToken(store, presented, botUserId(teamId));
      events.tokensRevoked(teamId);
      return { revoked: true };
    }),
  );
  app.post('/api/apps.uninstall', (c) =>
    answered(store, async () => {
      const given = await readArguments(c.req.raw.clone());
      const token = authenticate(store, bearer(c.req.raw) ?? given.get('token'));
      if (authenticateClient(store, c.req.raw, given).clientId !== token.clientId) {
        throw new Refused('client_id_token_mismatch');
      }
      uninstall(store, events, token.teamId);
      return {};
    }),
  );
}
