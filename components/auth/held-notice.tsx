import { Callout, DateTime, LinkedText } from '@/components/ui';
import type { HeldOrganisation } from '@/lib/suspension/contract';

interface HeldNoticeProps {
  organisations: readonly HeldOrganisation[];
  /** Whether whoever reads it owns them, and was written to. */
  owner: boolean;
  /** Whom to write to; null where the installation names nobody. */
  support: string | null;
}

/** What the people of a held organisation are told, and who can help. */
export function HeldNotice({ organisations, owner, support }: HeldNoticeProps) {
  return (
    <div className="flex flex-col gap-4">
      {organisations.map(({ name, state, notice, since }) => (
        <Callout
          key={name}
          tone="warning"
          role="status"
          title={state === 'suspended' ? `${name} is suspended` : `${name} is being deleted`}
        >
          {notice && (
            <p className="whitespace-pre-wrap break-words">
              <LinkedText text={notice} />
            </p>
          )}
          <p className="mt-2">
            Nobody can work in it for now, and its automations stand still.
            {state === 'suspended' && ' Nothing is lost.'}
          </p>
          {since && (
            <p className="mt-1 text-muted">
              Since <DateTime value={since} format="absolute" />
            </p>
          )}
        </Callout>
      ))}
      <p className="text-sm">
        {support ? (
          <>
            Write to{' '}
            <a className="underline underline-offset-2" href={`mailto:${support}`}>
              {support}
            </a>{' '}
            with any question.
          </>
        ) : owner ? (
          'We wrote to you: answer that mail with any question.'
        ) : (
          'Ask an owner of your organisation: they were written to, and can answer that mail.'
        )}
      </p>
    </div>
  );
}
