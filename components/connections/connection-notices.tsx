import type { z } from 'zod';
import type { AppFaultView } from '@/lib/app-faults/contract';
import type { OpenRequest } from '@/lib/campaigns/contract';
import type {
  ConnectableWay,
  ConnectionView,
  ConsentOutcome,
  connectionInput,
  ScopeView,
  WaitingAutomation,
} from '@/lib/connections/contract';
import type { ActionResult } from '@/lib/errors/contract';
import { AllowNotice } from './allow-notice';
import { AppFaultNotices } from './app-fault-notices';
import { AskedNotice } from './asked-notice';
import { AwaitingNotice } from './awaiting-notice';
import { ConsentNotice } from './consent-notice';
import { HandOverDialog } from './hand-over-dialog';
import type { HandOver } from './hand-over-form';
import { NewKey, ReconnectButton } from './reconnect-button';
import { TroubleNotice } from './trouble-notice';
import type { Connect, ConnectKey } from './use-connect';

export interface ConnectionNoticesProps {
  connection: ConnectionView;
  way: ConnectableWay | undefined;
  outcome: ConsentOutcome | undefined;
  /** Permissions that an automation or support asks for, and were not given. */
  wanted: readonly ScopeView[];
  /** What support asks at present. */
  requests: readonly OpenRequest[];
  waiting: readonly WaitingAutomation[];
  /** What its provider does not let us in for, which is ours to mend. */
  faults: readonly AppFaultView[];
  /** Null for those who may not. */
  acts: {
    readonly onConnect: Connect;
    readonly onKey: ConnectKey;
    readonly onHandOver: HandOver;
    readonly onWithdraw: (input: z.input<typeof connectionInput>) => Promise<ActionResult<unknown>>;
  } | null;
}

/** All that is to be said of a connection's authority, each with what can be done about it. */
export function ConnectionNotices(props: ConnectionNoticesProps) {
  const { connection, way, outcome, wanted, requests, waiting, faults, acts } = props;
  const scopes = wanted.map(({ scope }) => scope);
  const { state, awaiting } = connection;
  const works = state === 'active' || state === 'degraded';
  const handOver = acts && way && (
    <HandOverDialog
      connection={connection}
      way={way}
      scopes={scopes}
      onHandOver={acts.onHandOver}
    />
  );
  const reconnect = acts && (
    <ReconnectButton
      connection={connection}
      way={way}
      scopes={scopes}
      onConnect={acts.onConnect}
      onKey={acts.onKey}
    />
  );
  const again = acts && (
    <span className="flex flex-wrap gap-2">
      {reconnect}
      {!works && !awaiting && handOver}
    </span>
  );
  // What never worked has nothing to tell but for whom it waits.
  const onlyWaits = awaiting !== null && state === 'pending';
  // It answers badly because we are not let in: said already, and by when it began.
  const troubleTold = state === 'degraded' && faults.length > 0;
  return (
    <>
      <AppFaultNotices faults={faults} />
      <ConsentNotice outcome={outcome} broken={!works && state !== 'verifying'} action={again}>
        {!onlyWaits && !troubleTold && (
          <TroubleNotice connection={connection} waiting={waiting} action={again} />
        )}
      </ConsentNotice>
      {requests.map((request) => (
        <AskedNotice key={request.id} request={request} />
      ))}
      {awaiting && (
        <AwaitingNotice
          connection={connection}
          awaiting={awaiting}
          onWithdraw={acts?.onWithdraw ?? null}
          action={
            <>
              {onlyWaits && outcome === undefined && reconnect}
              {handOver}
            </>
          }
        />
      )}
      {works && wanted.length > 0 && way && (
        <AllowNotice
          connection={connection}
          scopes={wanted}
          bySupport={scopes.every((scope) =>
            requests.some((request) => request.scopes.includes(scope)),
          )}
          onConnect={way.keySetUp ? null : (acts?.onConnect ?? null)}
          mayManage={acts !== null}
          action={
            acts && (
              <>
                {way.keySetUp && <NewKey connection={connection} way={way} onKey={acts.onKey} />}
                <HandOverDialog
                  connection={connection}
                  way={way}
                  scopes={scopes}
                  onHandOver={acts.onHandOver}
                />
              </>
            )
          }
        />
      )}
    </>
  );
}
