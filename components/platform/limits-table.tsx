import { type Column, Nothing, Table } from '@/components/ui';
import { type LimitKey, limitKeys, limitWords } from '@/lib/limits/contract';
import type { TenantLimitsView } from '@/lib/platform/contract';
import { InForce } from './limit-in-force';

const grouped = (value: number) => value.toLocaleString('en');

/** A tenant's limits for those who may only look. */
export function LimitsTable({ limits }: { limits: TenantLimitsView }) {
  const { own, use } = limits;
  const columns: readonly Column<LimitKey>[] = [
    { key: 'what', header: 'Limit', primary: true, cell: (key) => limitWords[key].title },
    {
      key: 'most',
      header: 'In force',
      cell: (key) => <InForce limitKey={key} limits={limits} />,
    },
    {
      key: 'now',
      header: 'Now',
      cell: (key) => (key in use ? grouped(use[key as keyof typeof use]) : <Nothing />),
    },
    {
      key: 'own',
      header: 'Where from',
      cell: (key) => (own[key] === null ? 'The platform’s default' : 'Set for this tenant'),
    },
  ];
  return <Table caption="Limits" columns={columns} rows={limitKeys} rowKey={(key) => key} />;
}
