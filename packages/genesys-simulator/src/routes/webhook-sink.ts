import { errorBody, methodNotAllowed } from '../errors.ts';
import { emptyReply, type Exchange, parseJson, type Reply } from '../http.ts';
import type { SimulatorState } from '../state.ts';
import { isWebhookSignatureValid } from '../webhook-signature.ts';

/** `POST /hris/webhook`: keeps what arrives. With a secret, a wrong signature is kept too and answered with 401. */
export function routeWebhook(state: SimulatorState, exchange: Exchange): Reply {
  if (exchange.method !== 'POST') return methodNotAllowed(exchange, ['POST']);
  const key = state.options.webhookKey;
  const signatureValid = key === undefined ? undefined : isWebhookSignatureValid(key, exchange.headers, exchange.body);
  const body = parseJson(exchange.text);
  state.addWebhook({
    at: new Date().toISOString(),
    headers: plainHeaders(exchange),
    rawBody: exchange.text,
    ...(body === undefined ? {} : { body }),
    ...(signatureValid === undefined ? {} : { signatureValid }),
  });
  if (signatureValid === false) {
    return errorBody(exchange, 401, 'invalid.signature', 'The webhook signature is missing, wrong or too old');
  }
  return emptyReply(204);
}

function plainHeaders(exchange: Exchange): Record<string, string> {
  const entries = Object.entries(exchange.headers).filter(([name]) => name !== 'authorization');
  return Object.fromEntries(
    entries.map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );
}
