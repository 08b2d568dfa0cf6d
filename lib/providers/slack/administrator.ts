import { z } from 'zod';
import { ProviderError } from '../contract';
import type { SlackConfig } from './config';
import { call, clientWithToken } from './transport';

/** Slack leaves out roles that somebody does not hold. */
const held = { is_admin: z.boolean().default(false), is_owner: z.boolean().default(false) };

const personAnswer = z.object({
  user: z.object({
    ...held,
    deleted: z.boolean().default(false),
    is_primary_owner: z.boolean().default(false),
    /** Roles in the whole Enterprise organisation. */
    enterprise_user: z.object(held).optional(),
  }),
});

/** Who chose Allow, as Slack's answer to the code says. */
export interface Consenter {
  readonly userId: string;
  /** The app was added to a whole Enterprise organisation: a role in one workspace is too little. */
  readonly wholeOrganization: boolean;
}

/** What somebody is told who may not connect a workspace. */
const advice =
  'An administrator or owner of the Slack workspace has to connect it, and whoever chose Allow is neither. Nothing was connected. Hand one of them a link: they need no account here.';

/**
 * Slack lets every member allow an app that the workspace has already, and gives all of them the same
 * token: the one of the app's own user. So it is no proof of authority over the workspace, and the
 * role of whoever chose Allow is asked for (https://docs.slack.dev/reference/methods/users.info).
 * @param accessToken the fresh token; on refusal it is left alone, since others may live on it
 * @throws ProviderError `forbidden`, code `not_a_workspace_administrator`
 */
export async function requireAdministrator(
  config: SlackConfig,
  send: typeof fetch,
  accessToken: string,
  { userId, wholeOrganization }: Consenter,
): Promise<void> {
  const { user } = await call('users.info', personAnswer, () =>
    clientWithToken(config, send, accessToken).users.info({ user: userId }),
  );
  const roles = wholeOrganization ? user.enterprise_user : user;
  const leads = roles?.is_admin || roles?.is_owner;
  if (!user.deleted && (leads || (!wholeOrganization && user.is_primary_owner))) return;
  throw new ProviderError('slack', 'users.info', {
    kind: 'forbidden',
    status: 200,
    code: 'not_a_workspace_administrator',
    advice,
  });
}
