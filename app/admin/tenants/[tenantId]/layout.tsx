import { TenantTabs } from '@/components/platform/tenant-tabs';
import { staffLayout } from '@/lib/access';

export default staffLayout(async ({ children }) => (
  <>
    <TenantTabs />
    {children}
  </>
));
