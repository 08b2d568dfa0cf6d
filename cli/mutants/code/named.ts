import type { NamedTest } from '../mutant';

/** A test beside the code. */
export const unit = (file: string, title: string): NamedTest => ({ file, title });

/** A test against the running product; its spec without its folder and ending. */
export const browser = (spec: string, title: string): NamedTest => ({
  file: `e2e/${spec}.spec.ts`,
  title,
});
