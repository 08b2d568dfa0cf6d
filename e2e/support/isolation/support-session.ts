import { encode } from 'next-auth/jwt';
import { v7 } from 'uuid';
import { Caller } from './caller';
import type { Cast, Tenant } from './cast';
import { plantFactor } from './factor';
import { authSecret, sealed, supportCookie } from './token';
import { plantPerson } from './world';

export interface SupportClaims {
  readonly sessionId: string;
  readonly tenantId: string;
  readonly userId: string;
  readonly sessionVersion: number;
}

/** The claim of a support session, as the product would seal it. */
export const sealedSupport = (
  { server }: Pick<Cast, 'server'>,
  claims: SupportClaims,
  { secret = authSecret(server), salt = supportCookie } = {},
): Promise<string> => encode({ token: { ...claims }, secret, salt });

export interface InSession {
  readonly caller: Caller;
  readonly claims: SupportClaims;
}

/**
 * Somebody new of the staff, who looks into a tenant by a session of their own. What they are told is
 * searched for the mark of the victim, as for the attacker's people.
 * @param options.mends a second person has let the session mend
 */
export async function plantSupport(
  cast: Cast,
  tenant: Pick<Tenant, 'id'>,
  { mends = false }: { readonly mends?: boolean } = {},
): Promise<InSession> {
  const { pool, server, watch } = cast;
  const person = await plantPerson(pool, 'Sam Support', 'staff.example');
  await pool.query(`insert into staff (user_id, role) values ($1, 'support')`, [person.id]);
  await plantFactor(pool, person.id);
  const sessionId = v7();
  await pool.query(
    `insert into support_sessions
       (tenant_id, id, user_id, staff_name, staff_role, reason, ends_at, write_since)
     values ($1, $2, $3, 'Sam Support', 'support', 'To see what is wrong',
             now() + interval '30 minutes', case when $4 then now() end)`,
    [tenant.id, sessionId, person.id, mends],
  );
  const claims = { sessionId, tenantId: tenant.id, userId: person.id, sessionVersion: 1 };
  const now = Math.floor(Date.now() / 1_000);
  const own = { userId: person.id, tenantId: null, role: null, staff: true, secondFactorAt: now };
  const facts = {
    name: 'support' as const,
    userId: person.id,
    email: person.email,
    session: await sealed(own as never, { secret: authSecret(server) }),
    support: await sealedSupport(cast, claims),
  };
  return { caller: new Caller(server, facts, watch), claims };
}
