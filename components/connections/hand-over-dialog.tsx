'use client';
import { Link2 } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { Button, Dialog } from '@/components/ui';
import { type ConnectableWay, type ConnectionView, nameOf } from '@/lib/connections/contract';
import { type HandOver, HandOverForm } from './hand-over-form';
import { wayWords, whoAllows } from './way-words';

export interface HandOverDialogProps {
  connection: ConnectionView;
  way: ConnectableWay;
  /** Permissions to ask for besides. */
  scopes?: readonly string[];
  onHandOver: HandOver;
}

/** For a connection that somebody else has to allow. */
export function HandOverDialog({ connection, way, scopes, onHandOver }: HandOverDialogProps) {
  const router = useRouter();
  const { id, provider, authority, awaiting, connected } = connection;
  // Only where an administrator can let people connect is there anything to ask one for.
  const whose = authority === 'delegated' && (connected || !way.allowance);
  return (
    <Dialog
      trigger={
        <Button size="sm" icon={<Link2 />}>
          {awaiting ? 'Make a new link' : whose ? 'Ask its owner' : 'Ask the administrator'}
        </Button>
      }
      title={`Ask somebody to allow ${nameOf(connection)}`}
      {...(awaiting
        ? {
            description: `The link for ${awaiting.forEmail} stops working when you make a new one of its kind.`,
          }
        : {})}
      onOpenChange={(open) => {
        if (!open) router.refresh();
      }}
    >
      <HandOverForm
        wish={{ connectionId: id, ...(scopes ? { scopes: [...scopes] } : {}) }}
        administrator={wayWords[provider][authority].administrator}
        leave={
          way.allowance ? { administrator: whoAllows[provider], likely: !connected } : undefined
        }
        onHandOver={onHandOver}
      />
    </Dialog>
  );
}
