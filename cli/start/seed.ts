import { acrossTenants, and, inArray, newId, withIdentity } from '@/db';
import { memberships, users } from '@/db/schema';
import { addMember, addStaff, signUp } from '@/lib/auth';
import { beginEnrolment, confirmEnrolment, hasFactor, standInCode } from '@/lib/second-factor';
import { prepareVault } from '@/lib/vault';
import { type DemoTenant, demoPassword, demoStaff, demoTenants } from './demo';

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

const addresses = [
  ...demoTenants.flatMap(({ owner, viewer }) => [owner, viewer]),
  ...demoStaff,
].map(({ email }) => email);

/** Those of the demo's people who are there already; undefined when there are others alone. */
async function knownPeople(): Promise<readonly Known[] | undefined> {
  return withIdentity(async (tx) => {
    const people = await tx
      .select({ userId: users.id, email: users.email })
      .from(users)
      .where(inArray(users.email, addresses));
    if (people.length === 0) {
      const [somebody] = await tx.select({ userId: users.id }).from(users).limit(1);
      return somebody ? undefined : [];
    }
    const ids = people.map(({ userId }) => userId);
    const places = await tx
      .select({ userId: memberships.userId, tenantId: memberships.tenantId })
      .from(memberships)
      .where(
        and(
          inArray(memberships.userId, ids),
          acrossTenants('the demo looks which of its people have an organisation already'),
        ),
      );
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

/** A member of staff with a second factor, whose codes the stand-in for an app shows. */
async function seedStaff({ email, name, role }: (typeof demoStaff)[number]): Promise<void> {
  const userId = await addStaff({ email, name, password: demoPassword }, role);
  if (await hasFactor(userId)) return;
  await beginEnrolment(userId);
  const shown = await standInCode(userId);
  if (!shown?.code) throw new Error('There is no stand-in for an authenticator app here.');
  await confirmEnrolment(userId, shown.code, { requestId: `demo-${newId()}` });
}

async function seed(): Promise<void> {
  const known = await knownPeople();
  if (!known) return;
  await prepareVault();
  for (const tenant of demoTenants) await seedTenant(tenant, known);
  for (const person of demoStaff) await seedStaff(person);
}

seed().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
