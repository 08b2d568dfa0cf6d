import { fileURLToPath } from 'node:url';
import { recordReportsAs } from '@/db/reports';
import { doctorReport } from '@/lib/doctor';
import { releasedReports, releaseOf } from '@/lib/trust';
import { examine } from './examine';
import { findInstallation } from './installation';

/**
 * The doctor's look at a start, in a process of its own: looks at everything but what is served,
 * keeps what it found beside the reports that the release brought along, and hands it to its parent.
 */
const root = fileURLToPath(new URL('../..', import.meta.url));

try {
  const installation = findInstallation(process.env);
  const startedAt = new Date();
  const checks = await examine(root, installation, undefined);
  // Before anything is kept: what was found is told also when it cannot be written down.
  process.stdout.write(JSON.stringify(checks));
  const release = releaseOf(root);
  const look = { checks, origin: 'start', startedAt, finishedAt: new Date(), ...release } as const;
  if (installation.owner) {
    const released = releasedReports(root, release.version);
    await recordReportsAs(installation.owner, [...released, doctorReport(look)]);
  }
} catch (error) {
  process.stderr.write(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
