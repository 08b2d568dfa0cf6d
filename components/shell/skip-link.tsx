/** The first stop of the keyboard: past the navigation. */
export function SkipLink() {
  return (
    <a
      href="#main"
      className="fixed top-2 left-2 z-60 -translate-y-16 rounded-md bg-accent-solid px-3 py-2 font-medium text-on-solid text-sm focus-visible:translate-y-0"
    >
      Skip to content
    </a>
  );
}
