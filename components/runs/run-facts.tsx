import Link from 'next/link';
import { Code, DateTime, Duration, KeyValue } from '@/components/ui';
import type { RunView } from '@/lib/automations/contract';
import { startedByWords } from './run-words';

export interface RunFactsProps {
  run: RunView;
  /** Whether to lead to the audit; not everybody may see it. */
  mayAudit: boolean;
}

const link = 'text-accent underline-offset-4 hover:underline';

/** Who started a run, where and when, and what it leads to. */
export function RunFacts({ run, mayAudit }: RunFactsProps) {
  const waited = run.startedAt ?? run.finishedAt;
  return (
    <KeyValue
      columns={3}
      items={[
        { label: 'Started', value: startedByWords(run) },
        { label: 'Asked for', value: <DateTime value={run.createdAt} format="absolute" seconds /> },
        {
          label: 'Waited, then ran',
          value: (
            <span>
              <Duration from={run.createdAt} to={waited} />
              {run.startedAt && (
                <>
                  {', '}
                  <Duration from={run.startedAt} to={run.finishedAt} />
                </>
              )}
            </span>
          ),
        },
        {
          label: 'Connection',
          value: (
            <Link href={`/connections/${run.connection.id}`} className={link}>
              {run.connection.label}
            </Link>
          ),
        },
        { label: 'Run id', value: <Code>{run.id}</Code>, copy: run.id },
        {
          label: 'On record',
          value: mayAudit ? (
            <Link href={`/audit?run=${run.id}`} className={link}>
              Audit events of this run
            </Link>
          ) : (
            'In the audit, for owners and admins'
          ),
        },
        ...(run.rerunOf
          ? [
              {
                label: 'Runs again',
                value: (
                  <Link href={`/runs/${run.rerunOf}`} className={link}>
                    an earlier run
                  </Link>
                ),
              },
            ]
          : []),
      ]}
    />
  );
}
