'use client';
import { Bookmark, X } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useState, useTransition } from 'react';
import { toast } from 'sonner';
import {
  Button,
  Checkbox,
  cn,
  Dialog,
  Field,
  Form,
  IconButton,
  Input,
  SubmitButton,
} from '@/components/ui';
import type { ActionResult } from '@/lib/errors/contract';
import { type SavedView, type TenantFilter, tenantQueryOf } from '@/lib/platform/contract';

interface Wish {
  name: string;
  shared: boolean;
  filter: Record<string, string>;
}

export interface TenantViewsProps {
  views: readonly SavedView[];
  /** The view that stands in the address, as long as nothing was changed since. */
  current: string | null;
  filter: TenantFilter;
  onSave: (wish: Wish) => Promise<ActionResult<{ id: string }>>;
  onRemove: (wish: { viewId: string }) => Promise<ActionResult<unknown>>;
}

const addressOf = ({ id, query }: SavedView) =>
  `/admin/tenants?${query ? `${query}&` : ''}view=${id}`;

/** Filters and order by a name: one's own, and those that others of the staff share. */
export function TenantViews({ views, current, filter, onSave, onRemove }: TenantViewsProps) {
  const given = Object.fromEntries(new URLSearchParams(tenantQueryOf(filter)));
  const shown = views.find(({ id }) => id === current);
  if (views.length === 0 && Object.keys(given).length === 0) return null;
  return (
    <div className="mb-3 flex flex-wrap items-center gap-2">
      {views.length > 0 && (
        <nav aria-label="Saved views">
          <ul className="flex flex-wrap gap-2">
            {views.map((view) => (
              <li key={view.id}>
                <Link
                  href={addressOf(view)}
                  aria-current={view.id === current ? 'page' : undefined}
                  title={view.mine ? undefined : `Shared by ${view.owner}`}
                  className={cn(
                    'inline-flex h-8 items-center rounded-full border px-3 text-sm hover:bg-sunken',
                    'aria-[current=page]:border-accent aria-[current=page]:bg-accent-soft',
                  )}
                >
                  {view.name}
                  {view.shared && <span className="ml-1.5 text-muted text-xs">shared</span>}
                </Link>
              </li>
            ))}
          </ul>
        </nav>
      )}
      {shown?.mine && <RemoveView view={shown} onRemove={onRemove} />}
      {!shown && Object.keys(given).length > 0 && <SaveView filter={given} onSave={onSave} />}
    </div>
  );
}

function RemoveView({ view, onRemove }: { view: SavedView } & Pick<TenantViewsProps, 'onRemove'>) {
  const router = useRouter();
  const [pending, start] = useTransition();
  return (
    <IconButton
      size="sm"
      label={`Remove the view ${view.name}`}
      disabled={pending}
      icon={<X />}
      onClick={() =>
        start(async () => {
          const result = await onRemove({ viewId: view.id });
          if (result.ok) router.push('/admin/tenants');
          else toast.error(result.error.message);
        })
      }
    />
  );
}

interface SaveViewProps {
  filter: Record<string, string>;
  onSave: TenantViewsProps['onSave'];
}

function SaveView({ filter, onSave }: SaveViewProps) {
  const router = useRouter();
  const [open, setOpen] = useState(false);
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      title="Save this view"
      description="Keeps the filters and the order as they are now, by a name and with an address of its own."
      trigger={
        <Button size="sm" variant="ghost" icon={<Bookmark />}>
          Save view
        </Button>
      }
    >
      <Form<Wish, { id: string }>
        action={onSave}
        read={(data) => ({
          name: String(data.get('name') ?? ''),
          shared: data.get('shared') !== null,
          filter,
        })}
        onSuccess={({ id }) => {
          setOpen(false);
          router.push(`/admin/tenants?${new URLSearchParams({ ...filter, view: id })}`);
        }}
      >
        <Field label="Name" name="name" required>
          <Input autoComplete="off" maxLength={60} />
        </Field>
        <Checkbox name="shared" label="Show it to all of the staff" />
        <SubmitButton className="self-end">Save</SubmitButton>
      </Form>
    </Dialog>
  );
}
