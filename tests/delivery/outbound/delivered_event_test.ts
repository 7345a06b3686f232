import { assert, assertEquals, assertMatch } from "@std/assert";
import { CloudEvent, HTTP } from "cloudevents";
import fc from "fast-check";
import {
  cloudEventJson,
  type EventMeta,
  type EventRecord,
} from "../../../src/base/event.ts";
import {
  createDeliver,
  deliveredEvent,
} from "../../../src/delivery/outbound/deliver.ts";
import {
  COMMAND,
  endpointOf,
} from "../../support/delivery/delivery_fixture.ts";

const JOURNAL_ID = "0b5d2b1e-2f6f-4f8e-9d3e-0c4f6a1f2a55";
const WARNINGS = [
  { path: "Name", expected: "string", received: "number" },
  { path: "MemberList.0", expected: "object", received: "null" },
];
const TEXT =
  "Name: expected string, got number; MemberList.0: expected object, got null";

function recordOf(body: string, meta: Partial<EventMeta> = {}): EventRecord {
  return {
    seq: 7,
    app: 1_400_000_000,
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
  assertEquals(received.warnings, meta.warnings && TEXT);
  assertEquals(received.data, { Name: 5 });
});

Deno.test("deliveredEvent() leaves the body as it is, to the byte", () => {
  const body =
    '{"Id":9007199254740993,  "warnings":[1],"data":{"warnings":[]},"data":2}';
  const plain = cloudEventJson(recordOf(body), JOURNAL_ID);
  const odd = cloudEventJson(
    recordOf(body, { warnings: WARNINGS }),
    JOURNAL_ID,
  );

  assertEquals(deliveredEvent(plain), plain);
  assert(deliveredEvent(odd).endsWith(`,"data":${body}}`));
  assertEquals(JSON.parse(deliveredEvent(odd)).warnings, TEXT);
});

Deno.test("deliveredEvent() finds the attributes whatever their texts hold", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom(',"data":', '","data":[', "\\", '"],"data_base64":'),
  );
  fc.assert(fc.property(text, text, fc.json(), (group, path, json) => {
    const body = `{"a":${json}}`;
    const warnings = [{ path, expected: "string", received: "null" }];
    const meta = { group, warnings };
    const event = cloudEventJson(recordOf(body, meta), JOURNAL_ID);
    const { warnings: _, ...fed } = JSON.parse(event);
    const { warnings: told, ...delivered } = JSON.parse(deliveredEvent(event));

    assertEquals(delivered, fed);
    assertEquals(typeof told, "string");
  }));
});

Deno.test("deliveredEvent() of a body that is too deep keeps its Base64", () => {
  const body = `{"a":${"[".repeat(200_000)}${"]".repeat(200_000)}}`;
  const record = recordOf(body, { warnings: WARNINGS });
  const event = deliveredEvent(cloudEventJson(record, JOURNAL_ID));

  assertAttributes(event);
  assertEquals(JSON.parse(event).data_base64, record.body.toBase64());
});
