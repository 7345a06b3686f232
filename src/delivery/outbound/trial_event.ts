import type { Endpoint } from "../endpoint/endpoint.ts";
import { type DeliverOptions, postingOf } from "./deliver.ts";
import type { Posting } from "./outbound.ts";
import { type DeliveryOutcome, outcomeOf } from "./outcome.ts";
import { relayOutcomeOf, relayPosting } from "./relay.ts";
import { withQuery } from "./url.ts";

/** A test event as it was sent, and its result. */
export interface TrialResult {
  readonly request: {
    readonly url: string;
    /** The values of the endpoint's own headers are left out: they may be secret. */
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
  readonly outcome: DeliveryOutcome;
}

/** Makes a function that sends a test event, whatever the endpoint's mode. */
export function createTester(
  options: DeliverOptions,
): (endpoint: Endpoint) => Promise<TrialResult> {
  const { post, now = Date.now } = options;
  return async (endpoint) => {
    const isRelay = endpoint.format === "tencent";
    const posting = isRelay
      ? testCallback(endpoint, options)
      : testPosting(endpoint, options);
    const posted = await post(posting);
    return {
      request: shown(posting, endpoint),
      outcome: isRelay
        ? relayOutcomeOf(posted, now())
        : outcomeOf(posted, now()),
    };
  };
}

/** A request as it may be shown: without header values of the endpoint's own, and without a Sign. */
function shown(
  { url, query = "", headers, body }: Posting,
  endpoint: Endpoint,
): TrialResult["request"] {
  const own = new Set(Object.keys(endpoint.headers));
  const safe = query.replace(/(?<=^|&)Sign=[0-9a-f]+/, "Sign=(hidden)");
  return {
    url: withQuery(url, safe),
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) =>
        [name, own.has(name) ? "(hidden)" : value] as const
      ),
    ),
    body: typeof body === "string" ? body : new TextDecoder().decode(body),
  };
}

function testPosting(
  endpoint: Endpoint,
  { journalId, now = Date.now }: DeliverOptions,
): Posting {
  const nowMs = now();
  const id = `test-${crypto.randomUUID()}`;
  const body = testEvent({ id, journalId, nowMs });
  return postingOf(endpoint, { id: `${journalId}-${id}`, body, nowMs });
}

/** A callback that Tencent does not know, so that no controller takes it for a real one. */
function testCallback(endpoint: Endpoint, options: DeliverOptions): Posting {
  const { journalId, appIds = [], now = Date.now } = options;
  const command = "imhook.Test";
  const body = { CallbackCommand: command, EventTime: now() };
  const request = {
    parameters: { app: endpoint.filter.apps[0] ?? appIds[0] ?? 0, command },
    body: new TextEncoder().encode(JSON.stringify(body)),
    id: `${journalId}-test-${crypto.randomUUID()}`,
    path: journalId,
  };
  return relayPosting(endpoint, { request, options });
}

/** A CloudEvent that is not in the journal. */
function testEvent(
  { id, journalId, nowMs }: {
    readonly id: string;
    readonly journalId: string;
    readonly nowMs: number;
  },
): string {
  const time = new Date(nowMs).toISOString();
  return JSON.stringify({
    specversion: "1.0",
    id,
    source: "/imhook/test",
    type: "imhook.Test",
    time,
    datacontenttype: "application/json",
    recordedtime: time,
    journalid: journalId,
    data: { message: "A test event of imhook: nothing has happened" },
  });
}
