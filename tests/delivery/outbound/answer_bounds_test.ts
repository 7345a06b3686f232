import { assertEquals } from "@std/assert";
import { createTester } from "../../../src/delivery/outbound/trial_event.ts";
import { endpointOf } from "../../support/delivery/delivery_fixture.ts";
import { openLocal } from "../../support/delivery/outbound_fixture.ts";
import {
  always,
  answerOf,
  startRawReceiver,
} from "../../support/delivery/raw_receiver.ts";

Deno.test("deliveries keep a connection whose answers are longer than what is kept of them", async () => {
  await using receiver = startRawReceiver(
    always(answerOf(200, { body: "x".repeat(10_000) })),
  );
  using outbound = openLocal();
  const test = createTester({ ...outbound, journalId: "j" });
  const endpoint = endpointOf({ url: `http://127.0.0.1:${receiver.port}/` });

  const results = [await test(endpoint), await test(endpoint)];

  assertEquals(
    results.map(({ outcome: { kind, answer } }) => [kind, answer?.length]),
    [["delivered", 512], ["delivered", 512]],
  );
  assertEquals(receiver.connections(), 1);
});
