import type { Metadata } from 'next';
import { z } from 'zod';
import { AcknowledgeForm } from '@/components/alerts/acknowledge-form';
import { AlertDenials } from '@/components/alerts/alert-denials';
import { AlertFacts } from '@/components/alerts/alert-facts';
import { PageHeader, StatusBadge } from '@/components/ui';
import { staffPage } from '@/lib/access';
import { openAlert } from '@/lib/alerts';
import { ruleWords } from '@/lib/alerts/contract';
import { idOf } from '@/lib/ids';
import { acknowledgeAlert } from '../actions';

export const metadata: Metadata = { title: 'Alert' };

export default staffPage(
  { role: 'support', params: z.object({ alertId: idOf('alert') }) },
  async ({ staff, params: { alertId } }) => {
    const alert = await openAlert(staff, alertId);
    const { title, meaning } = ruleWords[alert.rule];
    return (
      <>
        <PageHeader
          title={title}
          description={meaning}
          badge={<StatusBadge status={alert.acknowledgedAt ? 'acknowledged' : 'open'} />}
          breadcrumbs={[{ label: 'Alerts', href: '/admin/alerts' }]}
        />
        <AlertFacts alert={alert} />
        {!alert.acknowledgedAt && (
          <AcknowledgeForm alertId={alert.id} onAcknowledge={acknowledgeAlert} />
        )}
        {!alert.fault && <AlertDenials alert={alert} />}
      </>
    );
  },
);
