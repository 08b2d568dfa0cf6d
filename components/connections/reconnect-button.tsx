'use client';
import { ArrowUpRight } from 'lucide-react';
import { useEffect } from 'react';
import { toast } from 'sonner';
import { Button } from '@/components/ui';
import { type ConnectionView, wantsReconnect } from '@/lib/connections/contract';
import { type Connect, useConnect } from './use-connect';

export interface ReconnectButtonProps {
  connection: ConnectionView;
  onConnect: Connect;
}

/** Leads to the provider's page to give a connection its authority again. */
export function ReconnectButton({ connection, onConnect }: ReconnectButtonProps) {
  const { begin, pending, fault } = useConnect(onConnect);
  useEffect(() => {
    if (fault) toast.error(fault);
  }, [fault]);
  if (!wantsReconnect(connection.state)) return null;
  return (
    <Button
      variant="primary"
      size="sm"
      loading={pending}
      iconEnd={<ArrowUpRight />}
      onClick={() => begin({ connectionId: connection.id })}
    >
      {connection.accountEmail ? 'Connect again' : 'Give consent'}
    </Button>
  );
}
