import { Stat } from '@/components/ui';
import { needsAttention, type Overview } from '@/lib/overview/contract';

/** The organisation in four figures. */
export function Figures({ overview }: { overview: Overview }) {
  const { automations, week, next } = overview;
  // One that was never consented to is not connected yet; the list beside says so.
  const connections = overview.connections.filter(({ state }) => state !== 'pending');
  const well = connections.length > 0 ? 'all well' : 'none yet';
  const passed = week.finished > 0 ? 'all went well' : 'nothing has run';
  const waiting = connections.filter(needsAttention).length;
  return (
    <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
      <Stat
        label="Connections"
        value={connections.length}
        detail={waiting > 0 ? `${waiting} to put right` : well}
      />
      <Stat
        label="Automations on"
        value={automations}
        detail={next.length > 0 ? 'some on schedule' : 'none on schedule'}
      />
      <Stat label="Runs in seven days" value={week.finished} detail="dry runs left out" />
      <Stat
        label="Of them failed"
        value={week.failed}
        detail={week.failed > 0 ? 'the runs say why' : passed}
      />
    </div>
  );
}
