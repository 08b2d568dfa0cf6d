'use client';
import { MailPlus } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { Button, Dialog, Form, SubmitButton } from '@/components/ui';
import type { AskInput } from '@/lib/campaigns/contract';
import type { ActionResult } from '@/lib/errors/contract';
import { LetterFields, letterOf } from './letter-fields';

export type Ask = (input: AskInput) => Promise<ActionResult<{ id: string }>>;

interface AskDialogProps {
  connectionId: string;
  onAsk: Ask;
}

/** Asks the owners and admins of one tenant to connect one connection again. */
export function AskDialog({ connectionId, onAsk }: AskDialogProps) {
  const router = useRouter();
  return (
    <Dialog
      title="Ask to connect again"
      description="Owners and admins of this tenant get a mail with your message and a link that serves for this connection only."
      trigger={
        <Button size="sm" icon={<MailPlus />}>
          Ask to reconnect
        </Button>
      }
    >
      <Form<AskInput, { id: string }>
        action={onAsk}
        read={(data) => ({ connectionId, ...letterOf(data) })}
        onSuccess={({ id }) => router.push(`/admin/reconsent/${id}`)}
      >
        <LetterFields />
        <SubmitButton className="self-end">Send</SubmitButton>
      </Form>
    </Dialog>
  );
}
