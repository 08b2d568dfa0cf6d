import { FlaskConical } from 'lucide-react';
import { Banner } from './banner';

/**
 * Says that nothing here reaches a real provider.
 * @param faultPage where a person can let a stand-in fail, and watch what becomes of a connection
 */
export function DemoBanner({ faultPage }: { faultPage: string }) {
  return (
    <Banner tone="warning" icon={<FlaskConical aria-hidden />}>
      Demo: providers are stand-ins, and nothing leaves this machine.{' '}
      <a className="underline" href={faultPage} target="_blank" rel="noreferrer">
        Break one and watch
      </a>
    </Banner>
  );
}
