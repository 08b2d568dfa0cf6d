'use client';
import { Trash2, Unplug } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { toast } from 'sonner';
import type { z } from 'zod';
import { Button, ConfirmDialog } from '@/components/ui';
import {
  type ConnectionView,
  type Disconnected,
  type disconnectInput,
  nameOf,
} from '@/lib/connections/contract';
import type { ActionResult } from '@/lib/errors/contract';
import { providerNames } from '@/lib/providers/contract';

export interface ConnectionActionsProps {
  connection: ConnectionView;
  onDisconnect: (input: z.input<typeof disconnectInput>) => Promise<ActionResult<Disconnected>>;
}

/** Ends a connection; for those who may. */
export function ConnectionActions(props: ConnectionActionsProps) {
  const { connection, onDisconnect } = props;
  const router = useRouter();
  const provider = providerNames[connection.provider];
  const confirmation = nameOf(connection);

  async function disconnect() {
    const result = await onDisconnect({ connectionId: connection.id, confirmation });
    if (!result.ok) return result;
    if (!result.data.kept) {
      router.push('/connections');
    } else if (result.data.revoked) {
      toast.success('Disconnected.');
    } else if (result.data.again) {
      toast.warning(
        `Disconnected here. ${provider} does not answer at the moment: we go on asking it to take access back, and the record will say how that went.`,
      );
    } else {
      toast.warning(
        `Disconnected here, but ${provider} did not confirm. Remove Tenantry’s access on its page as well.`,
      );
    }
    return result;
  }

  return (
    <>
      {!connection.connected && (
        <ConfirmDialog
          trigger={
            <Button variant="danger-ghost" icon={<Trash2 />}>
              Discard
            </Button>
          }
          title="Discard this connection?"
          description="It never had an account, so nothing is lost."
          confirmLabel="Discard"
          onConfirm={disconnect}
        />
      )}
      {connection.connected && connection.state !== 'disconnected' && (
        <ConfirmDialog
          trigger={
            <Button variant="danger-ghost" icon={<Unplug />}>
              Disconnect
            </Button>
          }
          title={`Disconnect ${confirmation}?`}
          description={endOf(connection, provider)}
          consequences={[
            'Automations that use it stop working.',
            `Our copy of its tokens is deleted: at once, or within five hours when ${provider} does not answer.`,
            'What was found, and the record of what was done, is kept.',
            'It can be connected again, with the same account.',
          ]}
          confirmText={confirmation}
          confirmLabel="Disconnect"
          onConfirm={disconnect}
        />
      )}
    </>
  );
}

/** What becomes of the access itself: not every provider lets us give it back. */
function endOf({ provider, authority }: ConnectionView, name: string): string {
  if (provider === 'microsoft') {
    return `Nothing is called any more from now on. ${name} lets only you take the consent back: remove Tenantry there afterwards, among your apps or, for an organisation, among its enterprise applications.`;
  }
  if (provider === 'google' && authority === 'application') {
    return 'Nothing is called any more from now on. Delete the service account’s key, or its delegation, in your Google consoles afterwards.';
  }
  return `Access is taken back at ${name}.`;
}
