import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { withTenant } from '@/db';
import { type Binding, open, seal } from '@/lib/vault';
import { openMessage, sealMessage } from '@/lib/vault/message';
import { holdTestKeys, newTestKey } from '@/lib/vault/testing';
import type { Bench, Report } from './bench';
import { interleaved, median, ratio, rounded, slice } from './measure';
import { type Installation, startInstallation, tokens } from './vault/installation';
import { measureRotation } from './vault/rotation';

/** Operations per slice, and rounds of slices. */
const SLICE = 300;
const ROUNDS = 7;
const CREDENTIALS = 10_000;
const ORGANISATIONS = 50;

const text = JSON.stringify(tokens(1));
const plaintext = Buffer.from(text);
const key = { name: 'a-key', bytes: randomBytes(32) };
const context = { purpose: 'credential', tenant: 'a', subject: 'b', generation: '1' };
const bound = Buffer.from(JSON.stringify(context));

/** The floor: the same cipher by node:crypto, without what makes a message of it. */
function sealPlain(): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key.bytes, nonce).setAAD(bound);
  const sealed = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
}

function openPlain(sealed: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key.bytes, sealed.subarray(0, 12));
  decipher.setAAD(bound).setAuthTag(sealed.subarray(12, 28));
  return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]);
}

async function measureSealing({ tenants }: Installation, report: Report, rounds: number) {
  const [tenant] = tenants;
  if (!tenant) throw new Error('there is no organisation');
  const binding: Binding = { kind: 'credential', subjectId: 'b', generation: 1 };
  const plain = sealPlain();
  const message = await sealMessage(key, context, plaintext);
  const sealed = await withTenant(tenant, (tx) => seal(tx, tenant, binding, text));
  const each = [
    async () => void sealPlain(),
    async () => void openPlain(plain),
    () => sealMessage(key, context, plaintext),
    () => openMessage([key], context, message),
    () => withTenant(tenant, (tx) => seal(tx, tenant, binding, text)),
    () => withTenant(tenant, (tx) => open(tx, tenant, binding, sealed)),
  ];
  const times = await interleaved(
    each.map((operation) => slice(SLICE, 1, operation)),
    rounds,
  );
  const time = (at: number) => times[at] ?? [];
  const figure = (name: string, at: number, goal?: number) =>
    report({
      name,
      value: rounded(median(time(at)), 4),
      unit: 'ms',
      ...(goal ? { goal: { atMost: goal } } : {}),
    });
  const floor = 'floor, node:crypto AES-256-GCM';
  figure(`seal a credential: ${floor}`, 0);
  figure('seal a credential: the message alone', 2, 3);
  figure('seal a credential: in a transaction of its own, key in memory', 4);
  report({
    name: 'seal a credential: message to floor',
    value: ratio(time(2), time(0)),
    unit: '×',
  });
  figure(`open a credential: ${floor}`, 1);
  figure('open a credential: the message alone', 3, 3);
  figure('open a credential: in a transaction of its own, key in memory', 5);
  report({
    name: 'open a credential: message to floor',
    value: ratio(time(3), time(1)),
    unit: '×',
  });
}

const bench: Bench = {
  name: 'vault',
  async run(report, { quick }) {
    process.env.LOG_LEVEL = 'warn';
    const former = newTestKey();
    holdTestKeys(former);
    const installation = await startInstallation(quick ? 5 : ORGANISATIONS);
    try {
      await measureSealing(installation, report, quick ? 2 : ROUNDS);
      const connected = await installation.connect(quick ? 500 : CREDENTIALS);
      await measureRotation(connected, report, former);
    } finally {
      await installation.stop();
    }
  },
};

export default bench;
