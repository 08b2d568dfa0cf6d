import type { Metadata } from 'next';
import { windowFilter } from '@/components/load/filters';
import { LoadCharts } from '@/components/load/load-charts';
import { NeedList } from '@/components/load/need-list';
import { QueueTable } from '@/components/load/queue-table';
import { durationText, FilterBar, PageHeader, Stat } from '@/components/ui';
import { staffPage } from '@/lib/access';
import { consoleOverview, loadFilter } from '@/lib/load';

export const metadata: Metadata = { title: 'Overview' };

export default staffPage({ role: 'support', search: loadFilter }, async ({ staff, search }) => {
  const { needs, window, points, queues, now } = await consoleOverview(staff, search);
  return (
    <>
      <PageHeader
        title="Overview"
        description="What needs a person, and how the platform fares. Charts are in UTC."
      />
      <div className="flex flex-col gap-6">
        <NeedList needs={needs} />
        <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
          <Stat label="Waiting in the queue" value={now.waiting} detail="due, and nobody at it" />
          <Stat label="Oldest wait" value={durationText(now.oldestWaitMs)} detail="of those" />
          <Stat label="Being worked on" value={now.running} detail="at this moment" />
          <Stat label="Workers" value={now.workers} detail="processes at work" />
        </div>
        <div>
          <FilterBar filters={windowFilter} />
          <LoadCharts points={points} window={window} />
        </div>
        <QueueTable queues={queues} />
      </div>
    </>
  );
});
