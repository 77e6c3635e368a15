import type { HrisEvent } from '@scim-onboarding/onboarding-contract/workflow';
import { cleanText, isScimError, parseRetryAfter } from '@scim-onboarding/scim-core';
import { createHttp, type RequestEvent } from '@scim-onboarding/scim-core/client';
import { webhookHeaders } from './signature.ts';

/** How one attempt ended. */
export type Delivery =
  | { readonly ok: true; readonly status: number }
  | {
      readonly ok: false;
      /** The receiver does not want it, and will not: no further attempt. */
      readonly final: boolean;
      readonly request: string;
      readonly status?: number;
      readonly message: string;
      readonly hint: string;
      readonly retryAfterMs?: number | undefined;
    };

export interface WebhookSender {
  send(id: string, event: HrisEvent, signal?: AbortSignal): Promise<Delivery>;
  close(): Promise<void>;
}

export interface WebhookOptions {
  readonly url: URL;
  /** `whsec_…`; undefined sends unsigned. */
  readonly secret: string | undefined;
  /** Milliseconds for one attempt. Default 15 000. */
  readonly timeoutMs?: number;
  readonly onRequest?: (event: RequestEvent) => void;
}

export function createWebhookSender(options: WebhookOptions): WebhookSender {
  const timeoutMs = options.timeoutMs ?? 15_000;
  const http = createHttp({
    timeoutMs,
    totalTimeoutMs: timeoutMs,
    ...(options.onRequest === undefined ? {} : { onRequest: options.onRequest }),
  });
  // The path of a webhook address is often its secret: messages name the origin only.
  const request = `POST ${options.url.origin}/…`;
  const failed = (
    final: boolean,
    message: string,
    more: { status?: number; retryAfterMs?: number | undefined } = {},
  ): Delivery => ({
    ok: false,
    final,
    request,
    message: `${request}: ${message}`,
    hint: final
      ? 'The receiver retired its address: set HRIS_WEBHOOK_URL to a new one.'
      : 'Check the receiver and HRIS_WEBHOOK_URL; the delivery is tried again.',
    ...more,
  });

  return {
    async send(id, event, signal) {
      const body = JSON.stringify(event);
      const headers = {
        'content-type': 'application/json',
        'user-agent': 'scim-onboarding',
        ...webhookHeaders(id, body, options.secret, Date.now()),
      };
      try {
        const { status, headers: answer } = await http.send({
          method: 'POST',
          url: options.url,
          headers,
          body,
          signal,
        });
        if (status >= 200 && status < 300) return { ok: true, status };
        return failed(status === 410, `status ${status}`, {
          status,
          retryAfterMs: parseRetryAfter(answer['retry-after'], Date.now()),
        });
      } catch (error) {
        if (!isScimError(error)) throw error;
        return failed(false, cleanText(error.facts.detail ?? error.code.replaceAll('_', ' ')));
      }
    },
    close: () => http.close(),
  };
}
