import type { Metadata } from 'next';
import { z } from 'zod';
import { SupportDeskView } from '@/components/support/support-desk';
import { staffPage } from '@/lib/access';
import { claimedSupport } from '@/lib/auth';
import { idOf } from '@/lib/ids';
import { readSupportDesk } from '@/lib/support';
import { askMending, askOwners, resumeSession, startSession, stopSession } from './actions';

export const metadata: Metadata = { title: 'Support' };

const params = z.object({ tenantId: idOf('tenant') });

export default staffPage({ role: 'support', params }, async ({ staff, params: { tenantId } }) => {
  const desk = await readSupportDesk(staff, tenantId);
  const claimed = await claimedSupport();
  return (
    <SupportDeskView
      desk={desk}
      claimed={claimed?.tenantId === tenantId ? claimed.sessionId : null}
      acts={{
        onStart: startSession,
        onAsk: askOwners,
        onResume: resumeSession,
        onStop: stopSession,
        onAskToMend: askMending,
      }}
    />
  );
});
