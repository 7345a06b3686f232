import type { EventRecord } from "../../base/event.ts";
import {
  type CallbackParameters,
  writeQuery,
} from "../../protocol/callback_query.ts";
import type { Endpoint } from "../endpoint/endpoint.ts";
import type { ExchangeOutcome, Posting } from "./outbound.ts";
import { type DeliveryOutcome, outcomeOf, READ_MAX_BYTES } from "./outcome.ts";
import { webhookId } from "./signature.ts";

/** Gives the callback token of an app; undefined for an app without one. */
export type AppToken = (app: number) => string | undefined;

/** The signer of requests to a receiver: a token of its own, the app's, or none. */
export interface SignedTarget {
  readonly token?: string | undefined;
  readonly signWithAppToken?: true | undefined;
}

/** A request as Tencent sends it. */
export interface TencentRequest {
  readonly parameters: CallbackParameters;
  readonly body: Uint8Array;
  /** Id of the message; every attempt sends the same. */
  readonly id: string;
  /** Ids of the journals that it has come through, this one last. */
  readonly path: string;
}

/** The event as the request that Tencent would send. */
export function relayRequest(
  record: EventRecord,
  journalId: string,
): TencentRequest {
  const { app, meta, body, seq } = record;
  return {
    parameters: {
      app,
      command: meta.command,
      clientIp: meta.clientIp,
      platform: meta.platform,
      requestId: meta.requestId,
      others: meta.query,
    },
    body,
    id: webhookId({ journalId, seq }),
    path: meta.path === undefined ? journalId : `${meta.path},${journalId}`,
  };
}

/** The parts of an HTTP request that speak Tencent's protocol. */
export function tencentPosting(
  { parameters, body, id, path }: TencentRequest,
  { target, appToken, nowMs }: {
    readonly target: SignedTarget;
    readonly appToken: AppToken;
    readonly nowMs: number;
  },
): Pick<Posting, "query" | "body" | "headers"> {
  const token = target.token ??
    (target.signWithAppToken && appToken(parameters.app));
  return {
    query: writeQuery(parameters, { nowMs, token }),
    body,
    headers: {
      "content-type": "application/json",
      "webhook-id": id,
      "imhook-path": path,
    },
  };
}

/** A request in Tencent's format to an endpoint. */
export function relayPosting(
  endpoint: Endpoint,
  { request, isReplay = false, options }: {
    readonly request: TencentRequest;
    readonly isReplay?: boolean;
    readonly options: {
      readonly appToken?: AppToken;
      readonly now?: () => number;
    };
  },
): Posting {
  const { url, timeoutMs } = endpoint;
  const { appToken = () => undefined, now = Date.now } = options;
  const written = tencentPosting(request, {
    target: endpoint,
    appToken,
    nowMs: now(),
  });
  return {
    ...written,
    url,
    timeoutMs,
    headers: {
      ...endpoint.headers,
      ...written.headers,
      ...isReplay && { "imhook-replay": "true" },
    },
    maxResponseBytes: READ_MAX_BYTES,
  };
}

/** As `outcomeOf`, with the code of the Ack that was answered. */
export function relayOutcomeOf(
  posted: ExchangeOutcome,
  nowMs: number,
): DeliveryOutcome {
  const outcome = outcomeOf(posted, nowMs);
  if (posted.kind === "failed") return outcome;
  return { ...outcome, ackCode: ackCodeOf(posted.bodyStart) };
}

/** The ErrorCode of an Ack packet; undefined for any other text. */
export function ackCodeOf(text: string): number | undefined {
  try {
    const ack: unknown = JSON.parse(text);
    const code = typeof ack === "object" && ack !== null && "ErrorCode" in ack
      ? ack.ErrorCode
      : undefined;
    return Number.isSafeInteger(code) ? Number(code) : undefined;
  } catch {
    // No JSON: such an answer has no code.
    return undefined;
  }
}
