import { ThemeChoice } from './theme-choice';

export function SiteFooter() {
  return (
    <footer className="border-t">
      <div className="mx-auto flex w-full max-w-6xl flex-wrap items-center justify-between gap-4 px-5 py-6 text-muted text-sm sm:px-8">
        <p>Tenantry. One organisation, one room.</p>
        <ThemeChoice />
      </div>
    </footer>
  );
}
