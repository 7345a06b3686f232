import { assertEquals } from "@std/assert";
import * as v from "valibot";
import { openOutbound } from "../../../src/delivery/outbound/outbound.ts";
import { HeadersSchema } from "../../../src/http/edge/outbound_input.ts";
import { openStore } from "../../../src/store/open.ts";
import { startController } from "../../support/delivery/controller.ts";

const ODD: unknown = JSON.parse(
  '{"__proto__":"a","constructor":"b","prototype":"c","x-key":"d"}',
);

Deno.test("HeadersSchema keeps names like __proto__, and they are stored and sent", async () => {
  const headers = v.parse(HeadersSchema, ODD);
  await using store = await openStore({ path: ":memory:", dedupeMax: 1 });
  await store.side.atomic().set(["x"], { headers }).commit();
  const { value } = await store.reader.get<{ headers: typeof headers }>(["x"]);
  await using controller = startController();
  using outbound = openOutbound({ reach: "loopback" });
  await outbound.post({
    url: controller.url,
    headers: { ...value?.headers },
    body: "",
    timeoutMs: 5_000,
    maxResponseBytes: 1_000,
  });
  const { headers: seen } = controller.seen[0] ?? {};

  assertEquals(JSON.stringify(headers), JSON.stringify(ODD));
  assertEquals(
    ["__proto__", "constructor", "prototype", "x-key"].map((name) =>
      seen?.get(name)
    ),
    ["a", "b", "c", "d"],
  );
});

Deno.test.each<unknown>([
  { "__proto__x y": "a" },
  { "webhook-id": "a" },
  { "x-key": 5 },
  JSON.parse('{"__proto__":5}'),
  [],
  null,
])("HeadersSchema refuses %j", (headers) => {
  assertEquals(v.is(HeadersSchema, headers), false);
});
