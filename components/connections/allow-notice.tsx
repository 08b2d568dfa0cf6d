'use client';
import { ArrowUpRight } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, Callout } from '@/components/ui';
import type { ConnectionView, ScopeView } from '@/lib/connections/contract';
import { BeginForm } from './begin-form';
import { type Connect, useConnect } from './use-connect';

export interface AllowNoticeProps {
  connection: ConnectionView;
  /** What something needs and was not given yet. */
  scopes: readonly ScopeView[];
  /** Support asks for it, and no automation. */
  bySupport: boolean;
  /** Null for those who may not, and where it is allowed by a key. */
  onConnect: Connect | null;
  mayManage: boolean;
  /** What else can be done: another key, or a link for whoever may allow it. */
  action: ReactNode;
}

/** Further permissions that an automation needs, and the way to give exactly these. */
export function AllowNotice(props: AllowNoticeProps) {
  const { connection, scopes, bySupport, onConnect, mayManage, action } = props;
  const titles = scopes.map(({ title }) => `“${title}”`).join(' and ');
  return (
    <Callout
      tone="info"
      title={`${bySupport ? 'Tenantry support asks for' : 'An automation needs'} one thing more: ${titles}`}
      action={
        mayManage && (
          <>
            {onConnect && (
              <AllowButton connection={connection} scopes={scopes} onConnect={onConnect} />
            )}
            {action}
          </>
        )
      }
      className="mb-5"
    >
      {scopes.map(({ reason }) => reason).join(' ')}{' '}
      {!mayManage
        ? 'An owner or admin of your organisation can allow it on this page.'
        : onConnect
          ? 'What is allowed already stays, and works on meanwhile.'
          : 'A super administrator adds its scope to the delegation in Google’s Admin console; then give the key again.'}
    </Callout>
  );
}

interface AllowButtonProps {
  connection: ConnectionView;
  scopes: readonly ScopeView[];
  onConnect: Connect;
  /** Beside the permission itself, which need not be named again. */
  quiet?: boolean;
}

/** Asks for exactly these permissions. */
export function AllowButton({ connection, scopes, onConnect, quiet }: AllowButtonProps) {
  const { begin, pending, fault } = useConnect(onConnect);
  const [first] = scopes;
  const named = scopes.length === 1 && first ? `“${first.title}”` : `these ${scopes.length}`;
  const label = quiet ? 'Allow' : `Allow ${named}`;
  return (
    <span className="inline-flex flex-col gap-1">
      <BeginForm
        onBegin={() =>
          begin({ connectionId: connection.id, scopes: scopes.map(({ scope }) => scope) })
        }
      >
        <Button
          type="submit"
          variant={quiet ? 'secondary' : 'primary'}
          size="sm"
          loading={pending}
          iconEnd={<ArrowUpRight />}
          aria-label={quiet && first ? `Allow “${first.title}”` : undefined}
        >
          {label}
        </Button>
      </BeginForm>
      {fault && (
        <span role="alert" className="text-danger text-xs">
          {fault}
        </span>
      )}
    </span>
  );
}
