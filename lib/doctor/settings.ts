import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Env } from '@/lib/env';
import { productionRefusals } from '@/lib/production';
import type { DoctorCheck } from './contract';
import { placed } from './finding';

/** Demo settings in production. */
export function checkSettings(env: Env, embeddedDatabase: boolean): DoctorCheck {
  const findings = productionRefusals(env, embeddedDatabase).map(
    ({ setting, problem, remedy }) =>
      ({ where: setting, problem, remedy, severity: 'warning' }) as const,
  );
  return placed('configuration', 'process', {
    check: 'Settings suit the mode',
    looked: env.TENANTRY_MODE,
    findings,
  });
}

/** Keys that wrap keys, where they lie in files; those in a key service lie in none. */
function keyFiles(env: Env): string[] {
  const usual = env.KEY_FILE ?? join(env.DATA_DIR, 'keys', 'key-encryption.key');
  const named = [env.KEY_ENCRYPTION_KEY, ...(env.KEY_ENCRYPTION_KEY_PREVIOUS ?? '').split(',')];
  const files = named.flatMap((text) => /^\s*file:(.+)$/.exec(text ?? '')?.[1] ?? []);
  return env.KEY_ENCRYPTION_KEY ? files : [usual, ...files];
}

/** Files with secrets in them that others on this machine may read. */
export function checkSecretFiles(env: Env): DoctorCheck {
  const files = [
    ...keyFiles(env),
    join(env.DATA_DIR, 'secrets.json'),
    join(env.DATA_DIR, 'postgres-password'),
  ];
  const present = files.flatMap((file) => {
    const found = statSync(file, { throwIfNoEntry: false });
    return found ? [{ file, mode: found.mode & 0o777 }] : [];
  });
  const findings = present
    .filter(({ mode }) => (mode & 0o077) !== 0)
    .map(
      ({ file, mode }) =>
        ({
          where: file,
          problem: `Its mode is ${mode.toString(8)}: others on this machine may read it.`,
          remedy: `chmod 600 ${file}`,
          severity: 'warning',
        }) as const,
    );
  return placed('configuration', 'process', {
    check: 'Secrets are readable by their owner alone',
    looked: `${present.length} files`,
    findings,
  });
}
