/**
 * Events did not arrive. The message is for whoever set the stream up: it holds neither a secret nor
 * what the other side said, and does not say where that is: staff see it.
 */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';
}

const reasons: Readonly<Record<string, string>> = {
  ENOTFOUND: 'Its name is not known.',
  EAI_AGAIN: 'Its name could not be looked up.',
  ECONNREFUSED: 'Nobody listens there.',
  ECONNRESET: 'It broke the connection off.',
  EPIPE: 'It broke the connection off.',
  ETIMEDOUT: 'It does not answer.',
  EHOSTUNREACH: 'It cannot be reached.',
  ENETUNREACH: 'It cannot be reached.',
  CERT_HAS_EXPIRED: 'Its certificate has expired.',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'Its certificate is signed by nobody we trust.',
  SELF_SIGNED_CERT_IN_CHAIN: 'Its certificate is signed by nobody we trust.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'Its certificate is signed by nobody we trust.',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'Its certificate is signed by nobody we trust.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'Its certificate is for another name.',
};

/** Why a connection failed, in words for people; undefined when it was not the connection. */
export function reasonOf(error: unknown): string | undefined {
  const { code = '', errors } = error as { code?: string; errors?: { code?: string }[] };
  return reasons[code] ?? reasons[errors?.[0]?.code ?? ''];
}

/** Any failure of a connection, in words for people. */
export function asDeliveryError(error: unknown): DeliveryError {
  if (error instanceof DeliveryError) return error;
  return new DeliveryError(reasonOf(error) ?? 'The connection failed.', { cause: error });
}
