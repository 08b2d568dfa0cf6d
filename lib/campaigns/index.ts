export { browseRequests, listCampaigns, openCampaign } from './browse';
export {
  askInput,
  audienceInput,
  type CampaignRow,
  campaignInput,
  campaignParams,
  type RequestRow,
  requestFilter,
  startInput,
} from './contract';
export { exportCampaign } from './export';
export { campaignFunctions } from './functions';
export { openRequests } from './open';
export { askOne, sizeAudience, startCampaign } from './start';
export { stopCampaign } from './stop';
