import type { Endpoint } from "../endpoint/endpoint.ts";
import {
  type DeliverOptions,
  type DeliveryOutcome,
  outcomeOf,
  postingOf,
} from "./deliver.ts";

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

/** Makes a function that sends a signed test event, whatever the endpoint's mode. */
export function createTester(
  { post, journalId, now = Date.now }: DeliverOptions,
): (endpoint: Endpoint) => Promise<TrialResult> {
  return async (endpoint) => {
    const nowMs = now();
    const id = `test-${crypto.randomUUID()}`;
    const body = testEvent({ id, journalId, nowMs });
    const posting = postingOf(endpoint, {
      id: `${journalId}-${id}`,
      body,
      nowMs,
    });
    const outcome = outcomeOf(await post(posting), now());
    const own = Object.keys(endpoint.headers);
    const shown = Object.entries(posting.headers).map(([name, value]) =>
      [name, own.includes(name) ? "(hidden)" : value] as const
    );
    const headers = Object.fromEntries(shown);
    return { request: { url: posting.url, headers, body }, outcome };
  };
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
