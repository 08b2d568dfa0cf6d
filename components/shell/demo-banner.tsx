import { FlaskConical } from 'lucide-react';
import { Banner } from './banner';

/** Says that nothing here reaches a real provider. */
export function DemoBanner() {
  return (
    <Banner tone="warning" icon={<FlaskConical aria-hidden />}>
      Demo: providers are stand-ins, and nothing leaves this machine.
    </Banner>
  );
}
