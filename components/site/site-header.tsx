import Link from 'next/link';
import { ButtonLink } from '@/components/ui';
import { Logo } from './logo';

/** The bar above public pages. Who is signed in goes straight to the workspace. */
export function SiteHeader({ signedIn }: { signedIn: boolean }) {
  return (
    <header className="mx-auto flex h-16 w-full max-w-6xl items-center justify-between gap-4 px-5 sm:px-8">
      <Link href="/" className="flex rounded-md">
        <Logo />
      </Link>
      <nav aria-label="Account" className="flex items-center gap-2">
        {signedIn ? (
          <ButtonLink href="/overview" variant="primary">
            Open workspace
          </ButtonLink>
        ) : (
          <>
            <ButtonLink href="/sign-in" variant="ghost">
              Sign in
            </ButtonLink>
            <ButtonLink href="/sign-up" variant="primary" className="max-sm:hidden">
              Create organisation
            </ButtonLink>
          </>
        )}
      </nav>
    </header>
  );
}
