import { generateKeyPairSync } from 'node:crypto';
import { newId, type TenantContext } from '@/db';
import { latestCheckpoint } from '@/lib/record';
import { signCheckpoint } from '@/lib/record/checkpoint';
import { tilesOf } from '@/lib/record/tenant-reads';
import { Frontier, inclusionProof, isIncluded, leafHash, tileWidth } from '@/lib/record/tree';
import type { Report } from '../bench';
import { median, quantile, rounded } from '../measure';
import type { Installation } from '../vault/installation';

const PROOFS = 300;
const goals = { bytes: 2_048, ms: 50 };
/** Tiles of one statement. */
const BATCH = 500;
const leafAt = (at: number) => `{"sequence":${at}}`;

/** A tree as sealing would have grown it, without the events that it stands for. */
async function plantTree({ owner }: Installation, tenant: TenantContext, size: number) {
  const { tenantId } = tenant;
  const frontier = new Frontier();
  const tiles = new Map<string, Buffer[]>();
  for (let at = 0; at < size; at += 1) {
    for (const { level, index, hash } of frontier.append(leafHash(leafAt(at)))) {
      const key = `${level}/${Math.floor(index / tileWidth)}`;
      const hashes = tiles.get(key);
      if (hashes) hashes.push(Buffer.from(hash));
      else tiles.set(key, [Buffer.from(hash)]);
    }
  }
  const rows = [...tiles].map(([key, hashes]) => ({
    key: key.split('/').map(Number),
    hashes: Buffer.concat(hashes),
  }));
  for (let at = 0; at < rows.length; at += BATCH) {
    const some = rows.slice(at, at + BATCH);
    await owner.query(
      `insert into record_tiles (tenant_id, id, level, position, hashes)
       select $1, gen_random_uuid(), * from unnest($2::smallint[], $3::bigint[], $4::bytea[])`,
      [
        tenantId,
        some.map(({ key }) => key[0]),
        some.map(({ key }) => key[1]),
        some.map(({ hashes }) => hashes),
      ],
    );
  }
  const origin = `bench.example/tenants/${tenantId}`;
  const { privateKey } = generateKeyPairSync('ed25519');
  const note = signCheckpoint({ origin, size, root: frontier.root() }, [privateKey]);
  await owner.query(
    `insert into record_checkpoints (tenant_id, id, size, note, signed_at)
     values ($1, gen_random_uuid(), $2, $3, now())`,
    [tenantId, size, note],
  );
  await owner.query('analyze record_tiles');
}

/** What one proof among so many events takes, in bytes and in time. */
export async function measureProof(
  installation: Installation,
  report: Report,
  size: number,
): Promise<void> {
  const tenant: TenantContext = { tenantId: newId() };
  await installation.owner.query("insert into tenants (id, name) values ($1, 'Large')", [
    tenant.tenantId,
  ]);
  await plantTree(installation, tenant, size);
  const [times, bytes]: [number[], number[]] = [[], []];
  for (let at = 0; at < PROOFS; at += 1) {
    const index = Math.floor(Math.random() * size);
    const start = performance.now();
    const checkpoint = await latestCheckpoint(tenant);
    if (!checkpoint) throw new Error('there is no checkpoint');
    const proof = await inclusionProof(index, size, tilesOf(tenant));
    times.push(performance.now() - start);
    if (!isIncluded(leafHash(leafAt(index)), index, checkpoint, proof)) {
      throw new Error(`the proof of ${index} does not hold`);
    }
    const text = JSON.stringify(proof.map((hash) => hash.toString('base64')));
    bytes.push(Buffer.byteLength(text) + Buffer.byteLength(checkpoint.note));
  }
  const among = `one of ${size.toLocaleString('en')} events`;
  report({
    name: `a proof, ${among}: with its checkpoint, as text`,
    value: Math.max(...bytes),
    unit: 'B',
    goal: { atMost: goals.bytes },
  });
  report({
    name: `a proof, ${among}: median`,
    value: rounded(median(times), 2),
    unit: 'ms',
  });
  report({
    name: `a proof, ${among}: 99 of 100 within`,
    value: rounded(quantile(times, 0.99), 2),
    unit: 'ms',
    goal: { atMost: goals.ms },
  });
}
