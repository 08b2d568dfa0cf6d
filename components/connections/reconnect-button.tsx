'use client';
import { ArrowUpRight, KeyRound } from 'lucide-react';
import { useEffect } from 'react';
import { toast } from 'sonner';
import { Button, Dialog } from '@/components/ui';
import {
  type ConnectableWay,
  type ConnectionView,
  nameOf,
  wantsReconnect,
} from '@/lib/connections/contract';
import { BeginForm } from './begin-form';
import { KeyForm } from './key-form';
import { type Connect, type ConnectKey, useConnect } from './use-connect';

export interface ReconnectButtonProps {
  connection: ConnectionView;
  /** How this connection is made; undefined when its provider is not set up any more. */
  way: ConnectableWay | undefined;
  /** Permissions to ask for besides those that are asked for anyway. */
  scopes: readonly string[];
  onConnect: Connect;
  onKey: ConnectKey;
}

const labelOf = ({ connected, state }: ConnectionView) =>
  connected ? 'Connect again' : state === 'verifying' ? 'Go on' : 'Give consent';

/** The one button that gives a connection its authority (again). */
export function ReconnectButton(props: ReconnectButtonProps) {
  const { connection, way, scopes, onConnect, onKey } = props;
  const { begin, pending, fault } = useConnect(onConnect);
  useEffect(() => {
    if (fault) toast.error(fault);
  }, [fault]);
  if (!wantsReconnect(connection.state) || !way) return null;
  if (way.keySetUp) return <NewKey connection={connection} way={way} onKey={onKey} />;
  return (
    <BeginForm onBegin={() => begin({ connectionId: connection.id, scopes: [...scopes] })}>
      <Button
        type="submit"
        variant="primary"
        size="sm"
        loading={pending}
        iconEnd={<ArrowUpRight />}
      >
        {labelOf(connection)}
      </Button>
    </BeginForm>
  );
}

/** Takes another key for a connection, whatever its state; the old one stays until it works. */
export function NewKey({
  connection,
  way,
  onKey,
}: Omit<ReconnectButtonProps, 'onConnect' | 'scopes'>) {
  if (!way?.keySetUp) return null;
  return (
    <Dialog
      trigger={
        <Button variant="primary" size="sm" icon={<KeyRound />}>
          {labelOf(connection)}
        </Button>
      }
      title={`Connect ${nameOf(connection)}`}
      description="The old key stays in use until the new one was tried and works."
    >
      <KeyForm
        setUp={way.keySetUp}
        onGive={(given) => onKey({ wish: { connectionId: connection.id }, ...given })}
        placeOf={({ connectionId, outcome }) => `/connections/${connectionId}?consent=${outcome}`}
      />
    </Dialog>
  );
}
