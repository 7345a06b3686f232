import { assert, assertEquals, assertMatch } from "@std/assert";
import { CloudEvent, HTTP } from "cloudevents";
import type { EventMeta, EventRecord } from "../../../src/base/event.ts";
import { createDeliver } from "../../../src/delivery/outbound/deliver.ts";
import {
  COMMAND,
  endpointOf,
} from "../../support/delivery/delivery_fixture.ts";

const JOURNAL_ID = "0b5d2b1e-2f6f-4f8e-9d3e-0c4f6a1f2a55";
const WARNINGS =
  "Name: expected string, got number; MemberList.0: expected object, got null";

function recordOf(body: string, meta: Partial<EventMeta> = {}): EventRecord {
  return {
    seq: 7,
    app: 4_294_967_295,
    receivedAtMs: 1_669_000_000_000,
    digest: new Uint8Array(16),
    meta: { command: COMMAND, ...meta },
    body: new TextEncoder().encode(body),
  };
}

/** What is sent for a record, and its headers. */
async function sentFor(
  record: EventRecord,
): Promise<
  { readonly headers: Record<string, string>; readonly body: string }
> {
  let sent: { headers: Record<string, string>; body: string } | undefined;
  const deliver = createDeliver({
    journalId: JOURNAL_ID,
    post: ({ headers, body }) => {
      sent = { headers: { ...headers }, body: String(body) };
      return Promise.resolve({
        kind: "answer",
        status: 200,
        headers: {},
        bodyStart: "",
        durationMs: 1,
      });
    },
  });
  const { signal } = new AbortController();
  const delivery = { endpoint: endpointOf(), record, isReplay: false, signal };
  await deliver(delivery);
  assert(sent !== undefined);
  return sent;
}

/** Names and types of attributes as CloudEvents 1.0.2 says, 3 and 3.1. */
function assertAttributes(json: string): void {
  const { data: _, data_base64: __, ...attributes } = JSON.parse(json);
  for (const [name, value] of Object.entries(attributes)) {
    assertMatch(name, /^[a-z0-9]{1,20}$/);
    const isInteger = typeof value === "number" && (value | 0) === value;
    assert(isInteger || ["string", "boolean"].includes(typeof value), name);
    assert(value !== "", `${name} is empty`);
  }
}

Deno.test.each<[string, Partial<EventMeta>]>([
  ["nothing odd", {}],
  ["odd fields", { warnings: WARNINGS, group: "@TGS#1", revalidated: true }],
])("a delivery of an event with %s is a valid CloudEvent", async (_, meta) => {
  const { headers, body } = await sentFor(recordOf('{"Name":5}', meta));
  const received = HTTP.toEvent({ headers, body });
  assert(received instanceof CloudEvent);

  assertAttributes(body);
  assertEquals(received.validate(), true);
  assertEquals(new CloudEvent(JSON.parse(body), true).validate(), true);
  assertEquals(received.warnings, meta.warnings);
  assertEquals(received.data, { Name: 5 });
});
