'use server';
import { cookies } from 'next/headers';
import { publicAction } from '@/lib/access';
import { countLink } from '@/lib/auth';
import {
  beginByLink,
  connectWithKeyByLink,
  linkInput,
  linkKeyInput,
  requireOpenLink,
} from '@/lib/connections';

/** Begins the consent that a link is for; the browser goes to the address that comes back. */
export const beginLink = publicAction(
  { name: 'reconsent.beginLink', input: linkInput },
  async ({ input, facts }) => {
    await countLink(facts.ipAddress);
    const { url, cookie } = await beginByLink(input.token, facts);
    (await cookies()).set(cookie.name, cookie.value, cookie.options);
    return { url };
  },
);

/** For an organisation that is connected by a key of its own. */
export const giveKey = publicAction(
  { name: 'reconsent.giveKey', input: linkKeyInput },
  async ({ input: { token, ...given }, facts }) => {
    await countLink(facts.ipAddress);
    return connectWithKeyByLink(await requireOpenLink(token, facts), given);
  },
);
