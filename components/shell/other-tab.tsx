'use client';
import { AlertDialog } from 'radix-ui';
import { useEffect, useRef, useState } from 'react';
import { Button, cn, dialogPanel, overlay } from '@/components/ui';
import type { Organisation, SwitchOrganisation } from './types';

const channelName = 'tenantry:organisation';

export interface OtherTabProps {
  organisation: Organisation;
  onSwitch: SwitchOrganisation;
}

/**
 * Notices that another tab went on to another organisation. The session goes with it, so that what is
 * done here would be done there: asks first.
 */
export function OtherTab({ organisation, onSwitch }: OtherTabProps) {
  const { id, name } = organisation;
  const [elsewhere, setElsewhere] = useState<Organisation | null>(null);
  const channel = useRef<BroadcastChannel | null>(null);
  useEffect(() => {
    const opened = new BroadcastChannel(channelName);
    channel.current = opened;
    opened.onmessage = ({ data }: MessageEvent<Organisation>) =>
      setElsewhere(data.id === id ? null : data);
    opened.postMessage({ id, name });
    return () => opened.close();
  }, [id, name]);

  function comeBack() {
    setElsewhere(null);
    channel.current?.postMessage({ id, name });
    void onSwitch(id);
  }

  return (
    <AlertDialog.Root open={elsewhere !== null}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className={overlay} />
        <AlertDialog.Content
          onEscapeKeyDown={(event) => event.preventDefault()}
          className={cn(dialogPanel, 'max-w-md')}
        >
          <div className="min-h-0 overflow-y-auto px-5 py-4.5">
            <AlertDialog.Title className="font-semibold text-lg">
              You are in {elsewhere?.name} now
            </AlertDialog.Title>
            <AlertDialog.Description className="mt-1 text-muted text-sm">
              You went on to it in another tab, and one is in one organisation at a time. What this
              page shows belongs to {name}.
            </AlertDialog.Description>
          </div>
          <footer className="flex flex-wrap justify-end gap-2 rounded-b-xl border-t bg-sunken/60 px-5 py-3">
            <Button onClick={() => window.location.assign('/overview')}>
              Go on to {elsewhere?.name}
            </Button>
            <Button variant="primary" onClick={comeBack}>
              Back to {name}
            </Button>
          </footer>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
