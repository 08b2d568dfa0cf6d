import { Card, CardBody, CardHeader, DateTime, KeyValue, Progress } from '@/components/ui';
import type { CampaignRow } from '@/lib/campaigns/contract';
import { audienceWords } from './words';

const day = (value: string) => <DateTime value={value} format="absolute" timeZone="UTC" />;

/** What was asked, of how many, and how far it is. */
export function CampaignFacts({ campaign }: { campaign: CampaignRow }) {
  const { scopes, done, connections, remindEveryDays, stoppedAt, stoppedName } = campaign;
  return (
    <Card className="mb-6">
      <CardHeader title={audienceWords(campaign)} />
      <CardBody>
        <Progress
          label="Connections that have done it"
          value={done}
          max={Math.max(1, connections)}
          caption={`${done} of ${connections} done`}
          className="mb-5"
        />
        <KeyValue
          columns={3}
          items={[
            { label: 'Until (UTC)', value: day(campaign.deadline) },
            {
              label: 'Reminders',
              value: remindEveryDays === 1 ? 'Every day' : `Every ${remindEveryDays} days`,
            },
            { label: 'Started (UTC)', value: day(campaign.createdAt) },
            { label: 'Started by', value: campaign.createdName },
            ...(stoppedAt
              ? [
                  { label: 'Stopped (UTC)', value: day(stoppedAt) },
                  { label: 'Stopped by', value: stoppedName },
                ]
              : []),
          ]}
        />
        <div className="mt-5 grid gap-5 text-sm sm:grid-cols-2">
          <div>
            <h3 className="mb-1 text-muted text-xs">Permissions asked for</h3>
            {scopes.length === 0 ? (
              'Those it had: it should work again.'
            ) : (
              <ul className="grid gap-0.5">
                {scopes.map((scope) => (
                  <li key={scope}>
                    <code className="break-all text-xs">{scope}</code>
                  </li>
                ))}
              </ul>
            )}
          </div>
          <div>
            <h3 className="mb-1 text-muted text-xs">Message</h3>
            <p className="whitespace-pre-wrap break-words">{campaign.message}</p>
          </div>
        </div>
      </CardBody>
    </Card>
  );
}
