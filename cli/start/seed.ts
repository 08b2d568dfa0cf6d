import { newId, withIdentity } from '@/db';
import { memberships, users } from '@/db/schema';
import { addMember, addStaff, signUp } from '@/lib/auth';
import { prepareVault } from '@/lib/vault';
import { type DemoTenant, demoPassword, demoSupport, demoTenants } from './demo';

/**
 * Fills an empty database with the people of the demo, by the very functions that sign people up. A
 * process of its own: what it loads would otherwise stay with the supervisor. Where people of the
 * demo are there already it goes on; where others are, it changes nothing.
 */

interface Known {
  readonly email: string;
  readonly userId: typeof users.$inferSelect.id;
  readonly tenantId: typeof memberships.$inferSelect.tenantId | undefined;
}

async function knownPeople(): Promise<readonly Known[]> {
  return withIdentity(async (tx) => {
    const people = await tx.select({ userId: users.id, email: users.email }).from(users);
    const places = await tx
      .select({ userId: memberships.userId, tenantId: memberships.tenantId })
      .from(memberships);
    const tenantOf = new Map(places.map(({ userId, tenantId }) => [userId, tenantId]));
    return people.map((person) => ({ ...person, tenantId: tenantOf.get(person.userId) }));
  });
}

async function seedTenant(tenant: DemoTenant, known: readonly Known[]): Promise<void> {
  const { owner, viewer } = tenant;
  const facts = { requestId: `demo-${newId()}` };
  const found = known.find(({ email }) => email === owner.email);
  const { userId, tenantId } = found?.tenantId
    ? { userId: found.userId, tenantId: found.tenantId }
    : await signUp({ ...owner, password: demoPassword, tenantName: tenant.name }, facts);
  if (known.some(({ email }) => email === viewer.email)) return;
  await addMember(
    {
      ...facts,
      tenantId,
      userId,
      role: 'owner',
      actor: { type: 'member', id: userId, name: owner.name },
    },
    { ...viewer, password: demoPassword, role: 'viewer' },
  );
}

async function seed(): Promise<void> {
  const known = await knownPeople();
  const ours = new Set(demoTenants.map(({ owner }) => owner.email));
  if (known.length > 0 && !known.some(({ email }) => ours.has(email))) return;
  await prepareVault();
  for (const tenant of demoTenants) await seedTenant(tenant, known);
  await addStaff({ ...demoSupport, password: demoPassword }, 'support');
}

seed().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
