import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { holdTestKeys, newTestKey } from '@/lib/vault/testing';
import { measureProof } from './audit/proof';
import { measureSealing } from './audit/sealing';
import { measureWrites } from './audit/writes';
import type { Bench } from './bench';
import { startInstallation } from './vault/installation';

const ORGANISATIONS = 50;

const bench: Bench = {
  name: 'audit',
  async run(report, { quick }) {
    process.env.LOG_LEVEL = 'warn';
    const dataDir = mkdtempSync(join(tmpdir(), 'tenantry-bench-record-'));
    process.env.DATA_DIR = dataDir;
    holdTestKeys(newTestKey());
    const installation = await startInstallation(ORGANISATIONS);
    try {
      await measureWrites(installation, report, quick);
      await measureSealing(installation, report, quick ? 5_000 : 50_000);
      await measureProof(installation, report, quick ? 50_000 : 1_000_000);
    } finally {
      await installation.stop();
      rmSync(dataDir, { recursive: true, force: true });
    }
  },
};

export default bench;
