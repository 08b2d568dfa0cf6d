import { ArrowRight, Eye, KeyRound, ScrollText, ShieldCheck } from 'lucide-react';
import { ButtonLink } from '@/components/ui';
import { SampleRun } from './sample-run';

const steps = [
  {
    title: 'Connect',
    text: 'Give consent once, at Google, Microsoft or Slack. Tenantry finds what is there, from mailboxes to channels, and lists what it may touch.',
  },
  {
    title: 'Choose what to automate',
    text: 'Start from a template, fill in its few fields, and run it by hand or on a schedule.',
  },
  {
    title: 'Read what was done',
    text: 'Each run shows its steps, its calls and its changes, and stays on the record of your organisation.',
  },
];

const promises = [
  {
    icon: ShieldCheck,
    title: 'Kept apart by the database',
    text: 'Each request sees the rows of one organisation. The database enforces it, not only our code.',
  },
  {
    icon: KeyRound,
    title: 'Credentials stay sealed',
    text: 'Tokens lie encrypted under a key of your organisation, and open only for the call that needs them.',
  },
  {
    icon: Eye,
    title: 'Look before it acts',
    text: 'A dry run shows what would change in your accounts, without changing anything.',
  },
  {
    icon: ScrollText,
    title: 'Nothing off the record',
    text: 'A change is written down before it is made, with who asked for it and how it went.',
  },
];

/** The public page: what this is, for whom, and the two ways in. */
export function Landing({ signedIn }: { signedIn: boolean }) {
  return (
    <main id="main" tabIndex={-1} className="mx-auto w-full max-w-6xl px-5 outline-none sm:px-8">
      <section className="grid items-center gap-x-14 gap-y-12 pt-10 pb-20 lg:grid-cols-[minmax(0,1fr)_minmax(0,1.05fr)] lg:pt-20 lg:pb-28">
        <div>
          <h1 className="text-pretty font-semibold text-4xl sm:text-5xl">
            Routine work in your accounts, done and written down.
          </h1>
          <p className="mt-5 max-w-lg text-pretty text-lg text-muted">
            Tenantry runs automations on your organisation’s mail, files, calendars and channels in
            the background. It is made for teams who want the work off their hands, and for the
            people in IT who answer for it.
          </p>
          <div className="mt-8 flex flex-wrap gap-2.5">
            {signedIn ? (
              <ButtonLink href="/overview" variant="primary" size="lg" iconEnd={<ArrowRight />}>
                Open workspace
              </ButtonLink>
            ) : (
              <>
                <ButtonLink href="/sign-up" variant="primary" size="lg">
                  Create organisation
                </ButtonLink>
                <ButtonLink href="/sign-in" size="lg">
                  Sign in
                </ButtonLink>
              </>
            )}
          </div>
          <p className="mt-4 text-muted text-sm">For Google Workspace, Microsoft 365 and Slack.</p>
        </div>
        <SampleRun />
      </section>

      <section aria-labelledby="how" className="border-t py-16">
        <h2 id="how" className="font-semibold text-2xl">
          How it works
        </h2>
        <ol className="mt-8 grid gap-8 sm:grid-cols-3">
          {steps.map((step, index) => (
            <li key={step.title}>
              <span
                aria-hidden
                data-numeric
                className="flex size-7 items-center justify-center rounded-full border bg-surface font-medium text-accent text-sm shadow-xs"
              >
                {index + 1}
              </span>
              <h3 className="mt-3 font-semibold text-lg">{step.title}</h3>
              <p className="mt-1 text-pretty text-muted">{step.text}</p>
            </li>
          ))}
        </ol>
      </section>

      <section aria-labelledby="trust" className="border-t py-16">
        <h2 id="trust" className="font-semibold text-2xl">
          Why you can leave it running
        </h2>
        <ul className="mt-8 grid gap-x-10 gap-y-8 sm:grid-cols-2">
          {promises.map((promise) => (
            <li key={promise.title} className="flex gap-4">
              <promise.icon aria-hidden className="mt-0.5 size-5 shrink-0 text-accent" />
              <div>
                <h3 className="font-semibold text-base">{promise.title}</h3>
                <p className="mt-0.5 text-pretty text-muted">{promise.text}</p>
              </div>
            </li>
          ))}
        </ul>
      </section>
    </main>
  );
}
