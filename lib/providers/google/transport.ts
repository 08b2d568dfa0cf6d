import { type admin_directory_v1, admin as directory } from '@googleapis/admin';
import { calendar, type calendar_v3 } from '@googleapis/calendar';
import { drive, type drive_v3 } from '@googleapis/drive';
import { gmail, type gmail_v1 } from '@googleapis/gmail';
import type { z } from 'zod';
import { ProviderError } from '../contract';
import type { ProviderTransport } from '../provider';
import type { GoogleConfig } from './config';
import { asProviderError } from './errors';

/** Google's own clients, over our transport. */
export interface GoogleApis {
  readonly gmail: gmail_v1.Gmail;
  readonly drive: drive_v3.Drive;
  readonly calendar: calendar_v3.Calendar;
  readonly directory: admin_directory_v1.Admin;
}

/** `fetch` with the connection's token; the libraries never hold a credential. */
function authorizedFetch(transport: ProviderTransport): typeof fetch {
  return async (input, init = {}) => {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${await transport.accessToken()}`);
    const { method, body, signal } = init;
    return transport.fetch(input, {
      headers,
      ...(method && { method }),
      ...(body && { body }),
      ...(signal && { signal }),
    });
  };
}

/**
 * Google's clients, without retries or a timeout of their own: whoever gave the transport decides,
 * and may wait for a budget or try again inside one call.
 */
export function googleApis(config: GoogleConfig, transport: ProviderTransport): GoogleApis {
  const options = {
    fetchImplementation: authorizedFetch(transport),
    retry: false,
    ...(config.apiRoot && { rootUrl: config.apiRoot }),
  };
  return {
    gmail: gmail({ version: 'v1', ...options }),
    drive: drive({ version: 'v3', ...options }),
    calendar: calendar({ version: 'v3', ...options }),
    directory: directory({ version: 'directory_v1', ...options }),
  };
}

/**
 * Make one call and read its answer.
 * @param operation the method's name in Google's documentation, for the record
 * @param shape what the answer must look like; anything else is `invalid_response`
 * @throws ProviderError
 */
export async function call<Shape extends z.ZodType>(
  operation: string,
  shape: Shape,
  request: () => Promise<{ readonly data: unknown }>,
  effect: 'read' | 'write' = 'read',
): Promise<z.output<Shape>> {
  try {
    const { data } = await request();
    return shape.parse(data);
  } catch (error) {
    throw asProviderError(operation, error, effect);
  }
}

/**
 * Walk a paged listing; yields each page's answer and holds only that.
 * @throws ProviderError `invalid_response` when a page points back at itself
 */
export async function* pages<Page extends { readonly nextPageToken?: string | undefined }>(
  fetchPage: (pageToken: string | undefined) => Promise<Page>,
): AsyncGenerator<Page> {
  let pageToken: string | undefined;
  do {
    const page = await fetchPage(pageToken);
    yield page;
    const next = page.nextPageToken || undefined;
    if (next !== undefined && next === pageToken) throw endless();
    pageToken = next;
  } while (pageToken);
}

function endless(): ProviderError {
  const failure = { kind: 'invalid_response', status: 200, code: 'repeated_page_token' } as const;
  return new ProviderError('google', 'paging', failure);
}
