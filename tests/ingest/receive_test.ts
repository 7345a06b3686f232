import { assertEquals } from "@std/assert";
import {
  createReceiver,
  type Receipt,
  type Receiver,
  type ReceiverOptions,
  type VerifiedCallback,
} from "../../src/ingest/receive.ts";
import { parseQuery } from "../../src/protocol/query.ts";
import {
  APP,
  bytesOf,
  CREATED,
  CREATED_BODY,
  NOW_MS,
  searchOf,
} from "../support/ingest/callback_fixture.ts";

type Enqueue = ReceiverOptions["writer"]["enqueue"];
type Arrival = Parameters<Enqueue>[0];
type Tell = Parameters<Enqueue>[1];
type Outcome = Parameters<Tell>[0];
type DigestInput = Parameters<ReceiverOptions["digest"]>[0];

const KEPT: Outcome = { ok: true, number: 1, isCopy: false };
const DIGEST = new Uint8Array(16).fill(7);

function deliveryOf(body: unknown, search = searchOf()): VerifiedCallback {
  return {
    app: APP,
    query: parseQuery(search),
    search,
    body: bytesOf(body),
    receivedAtMs: NOW_MS,
  };
}

/** Receives one delivery; what the Writer and the digester were given comes with the receipt. */
async function receive(delivery: VerifiedCallback, outcome: Outcome = KEPT) {
  const arrivals: Arrival[] = [];
  const digested: DigestInput[] = [];
  const receiver = createReceiver({
    writer: {
      enqueue: (arrival, tell) => {
        arrivals.push(arrival);
        tell(outcome);
      },
    },
    digest: (input) => {
      digested.push(input);
      return DIGEST;
    },
  });
  const receipt = await keptBy(receiver, delivery);
  return { receipt, arrivals, digested };
}

function keptBy(receiver: Receiver, callback: VerifiedCallback) {
  return new Promise<Receipt>((tell) =>
    receiver.keep(callback, receiver.parse(callback), tell)
  );
}

Deno.test("createReceiver() journals a callback with its bytes as received", async () => {
  const delivery = deliveryOf(` ${JSON.stringify(CREATED_BODY)}\n`);
  const { receipt, arrivals } = await receive(delivery);

  assertEquals(receipt, { code: 0, command: CREATED, isCopy: false });
  assertEquals(arrivals, [{
    sequence: "journal",
    item: {
      app: APP.id,
      receivedAtMs: NOW_MS,
      digest: DIGEST,
      isRecognisable: true,
      meta: JSON.stringify({
        command: CREATED,
        group: "@TGS#1",
        eventTimeMs: NOW_MS,
        clientIp: "203.0.113.9",
        platform: "iOS",
      }),
      body: delivery.body,
    },
  }]);
});

Deno.test.each([
  ["an EventTime", { EventTime: NOW_MS }, undefined, true],
  ["an EventTime and a RequestID", { EventTime: NOW_MS }, "r", true],
  ["a RequestID alone", {}, "r", true],
  ["a RequestID beside an EventTime out of range", { EventTime: 1 }, "r", true],
  ["neither", {}, undefined, false],
  ["an empty RequestID", {}, "", false],
  ["an EventTime out of range", { EventTime: 1 }, undefined, false],
  ["an EventTime that is null", { EventTime: null }, undefined, false],
  ["a RequestID too long to be one", {}, "r".repeat(257), false],
])("createReceiver() given %s recognises copies: $3", async (...row) => {
  const [_what, fields, RequestID, isRecognisable] = row;
  const delivery = deliveryOf(
    { GroupId: "g", ...fields },
    searchOf({ RequestID }),
  );
  const { arrivals } = await receive(delivery);

  assertEquals(arrivals[0]?.item.isRecognisable, isRecognisable);
});

Deno.test("createReceiver() digests app, command and bytes", async () => {
  const delivery = deliveryOf(CREATED_BODY, searchOf({ RequestID: "r" }));
  const { digested } = await receive(delivery);

  assertEquals(digested, [{
    app: APP.id,
    command: CREATED,
    requestId: undefined,
    body: delivery.body,
  }]);
});

Deno.test("createReceiver() digests the RequestID where there is no EventTime", async () => {
  const delivery = deliveryOf({ GroupId: "g" }, searchOf({ RequestID: "r" }));
  const { digested } = await receive(delivery);

  assertEquals(digested[0]?.requestId, "r");
});

Deno.test.each([
  [{ ok: true, number: 5, isCopy: true }, 0],
  [{ ok: false, reason: "full" }, 50301],
  [{ ok: false, reason: "closed" }, 50300],
])(
  "createReceiver() answers the Writer's %j with %i",
  async (outcome, code) => {
    const { receipt } = await receive(deliveryOf(CREATED_BODY), outcome);

    assertEquals(receipt.code, code);
    assertEquals(receipt.isCopy, outcome.ok ? true : undefined);
    assertEquals(receipt.command, CREATED);
  },
);

Deno.test("createReceiver() tells only when the Writer has", () => {
  const waiting: Tell[] = [];
  const told: Receipt[] = [];
  const receiver = createReceiver({
    writer: { enqueue: (_arrival, tell) => waiting.push(tell) },
    digest: () => DIGEST,
  });
  const callback = deliveryOf(CREATED_BODY);
  receiver.keep(callback, receiver.parse(callback), (one) => told.push(one));

  assertEquals(told, []);
  for (const tell of waiting) tell(KEPT);
  assertEquals(told.map(({ code }) => code), [0]);
});

Deno.test.each([
  ["no JSON", "x", {}, 42200, "Body: expected a JSON object in UTF-8"],
  [
    "no command",
    {},
    { CallbackCommand: undefined },
    42201,
    "CallbackCommand: expected in the query or the body",
  ],
  [
    "no group",
    {},
    {},
    42202,
    "GroupId: expected a non-empty string, got nothing",
  ],
])("createReceiver() sets aside what has %s", async (...row) => {
  const [_what, body, changes, code, reason] = row;
  const search = searchOf(changes);
  const delivery = deliveryOf(body, search);
  const { receipt, arrivals, digested } = await receive(delivery);

  assertEquals(receipt.code, code);
  assertEquals(receipt.info, code === 42202 ? reason : undefined);
  assertEquals(digested, []);
  assertEquals(arrivals, [{
    sequence: "quarantine",
    item: {
      app: APP.id,
      receivedAtMs: NOW_MS,
      digest: new Uint8Array(16),
      isRecognisable: false,
      meta: JSON.stringify({
        code,
        reason,
        query: search.replace(/Sign=[0-9a-f]+&/, ""),
      }),
      body: delivery.body,
    },
  }]);
});

Deno.test.each([
  [{ ok: false, reason: "full" }, 50301],
  [{ ok: false, reason: "closed" }, 50300],
])(
  "createReceiver() does not promise to have set aside after %j",
  async (outcome, code) => {
    const { receipt } = await receive(deliveryOf("x"), outcome);

    assertEquals(receipt, { code, command: CREATED });
  },
);
