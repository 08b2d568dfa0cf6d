import { google } from './google/definition';
import { microsoft } from './microsoft/definition';
import type { ServiceDefinition, ServiceName } from './service';
import { slack } from './slack/definition';

/** The providers that are emulated, in the order in which they are named. */
export const services: readonly ServiceDefinition[] = [google, microsoft, slack];

/** @throws Error when nobody emulates it */
export function serviceNamed(name: ServiceName): ServiceDefinition {
  const found = services.find((service) => service.name === name);
  if (!found) throw new Error(`${name} is not emulated`);
  return found;
}
