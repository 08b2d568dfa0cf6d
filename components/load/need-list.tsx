import { CircleCheck } from 'lucide-react';
import Link from 'next/link';
import { Badge, Card, CardBody, CardHeader, DateTime, EmptyState } from '@/components/ui';
import { type Need, needWords } from '@/lib/load/contract';

const number = (value: number) => value.toLocaleString('en-GB');

/** Whose it is, each leading to the part of its page that shows it. */
function Whose({ need: { count, kind, tenants } }: { need: Need }) {
  const part = needWords[kind].tenantPart;
  return (
    <p className="mt-0.5 text-xs">
      {tenants.map(({ id, name }, at) => (
        <span key={id}>
          {at > 0 && ', '}
          <Link
            href={`/admin/tenants/${id}${part ? `/${part}` : ''}`}
            className="relative z-10 underline underline-offset-2"
          >
            {name}
          </Link>
        </span>
      ))}
      {count > tenants.length && tenants.length >= 10 && ' and more'}
    </p>
  );
}

function NeedRow({ need }: { need: Need }) {
  const { title, meaning, href, tone } = needWords[need.kind];
  return (
    <li className="relative flex flex-wrap items-start gap-x-4 gap-y-1 px-4 py-3 hover:bg-hover sm:flex-nowrap sm:px-5">
      <Badge tone={tone}>{number(need.count)}</Badge>
      <div className="min-w-0 flex-1 basis-56">
        <Link href={href} className="font-medium text-sm after:absolute after:inset-0">
          {title}
        </Link>
        <p className="text-pretty text-muted text-xs">{meaning}</p>
        {need.tenants.length > 0 && <Whose need={need} />}
      </div>
      {need.oldest && (
        <p className="shrink-0 text-muted text-xs sm:text-right">
          oldest <DateTime value={need.oldest} />
        </p>
      )}
    </li>
  );
}

/** What needs a person now, the most urgent first; each leads to the list of exactly those. */
export function NeedList({ needs }: { needs: readonly Need[] }) {
  return (
    <Card aria-labelledby="needs">
      <CardHeader id="needs" title="Needs a person" description="As of now, over all tenants." />
      {needs.length === 0 ? (
        <CardBody>
          <EmptyState
            bare
            icon={<CircleCheck />}
            title="Nothing waits for anybody"
            description="No alert is open, no connection is broken, and nothing waits for a decision."
          />
        </CardBody>
      ) : (
        <ul className="divide-y">
          {needs.map((need) => (
            <NeedRow key={need.kind} need={need} />
          ))}
        </ul>
      )}
    </Card>
  );
}
