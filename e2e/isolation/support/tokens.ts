import { contextKeyId, signContext } from '@/db/context-token';
import type { TenantId } from '@/db/ids';
import type { Mark } from './marks';

const seconds = () => Math.floor(Date.now() / 1_000);
/** Seconds that a token of the suite holds: longer than the suite runs. */
const LIFE = 3_600;

/** What a door would set for this tenant. */
export function tokenOf(key: string, { tenantId }: Pick<Mark, 'tenantId'>): string {
  return signContext(key, tenantId as TenantId, seconds() + LIFE);
}

export interface Forgery {
  readonly name: string;
  readonly token: string;
}

/** Lengths of a token's parts: key id, tenant id, expiry; the MAC is the rest. */
const KEY = 8;
const TENANT = 36;
const EXPIRY = 10;
const CLAIM = KEY + TENANT + EXPIRY;

/**
 * Tokens for the victim that somebody makes who has a good token of his own and no key. All must be
 * refused.
 * @param key the real key; only to make tokens that are good but for one thing
 */
export function forgeries(key: string, victim: Mark, attacker: Mark): readonly Forgery[] {
  const own = tokenOf(key, attacker);
  const good = tokenOf(key, victim);
  const id = victim.tenantId as TenantId;
  const claim = good.slice(0, CLAIM);
  const mac = own.slice(CLAIM);
  const last = good.at(-2) === 'A' ? 'B' : 'A';
  const otherKey = `not ${key}`;
  const underOtherKey = signContext(otherKey, id, seconds() + LIFE);
  return [
    {
      name: 'another tenant in one’s own token',
      token: own.slice(0, KEY) + id + own.slice(KEY + TENANT),
    },
    { name: 'a wrong MAC', token: `${good.slice(0, -2)}${last}=` },
    { name: 'the MAC of one’s own token', token: claim + mac },
    { name: 'without a MAC', token: claim },
    { name: 'a MAC of nothing but padding', token: `${claim}${'='.repeat(44)}` },
    { name: 'truncated by one character', token: good.slice(0, -1) },
    { name: 'truncated to half', token: good.slice(0, CLAIM + 22) },
    { name: 'one character too long', token: `${good}A` },
    { name: 'expired', token: signContext(key, id, seconds() - 1) },
    {
      name: 'expired, and its expiry moved',
      token: claim.slice(0, KEY + TENANT) + String(seconds() + 2 * LIFE) + good.slice(CLAIM),
    },
    { name: 'signed with another key', token: underOtherKey },
    {
      name: 'signed with another key under the name of the real one',
      token: contextKeyId(key) + underOtherKey.slice(KEY),
    },
    { name: 'under a key that nobody has', token: `unknown_${good.slice(KEY)}` },
    { name: 'the victim’s id in capitals', token: good.replace(id, id.toUpperCase()) },
    { name: 'the plain tenant id', token: id },
    { name: 'one space before', token: ` ${good}` },
    { name: 'SQL', token: `' or '${id}' = '${id}` },
  ];
}
