import { assertEquals } from "@std/assert";
import { reconfigured } from "../../../src/delivery/endpoint/changes.ts";
import { endpointOf } from "../../support/delivery/delivery_fixture.ts";

const BEFORE = endpointOf({
  url: "https://receiver.example/hook",
  headers: { authorization: "Bearer hidden" },
});

Deno.test.each<[string, Readonly<Record<string, string>>]>([
  ["https://receiver.example/other", BEFORE.headers],
  ["https://elsewhere.example/hook", {}],
  ["https://receiver.example:8443/hook", {}],
  ["http://receiver.example/hook", {}],
])("reconfigured() with URL %s has headers %j", (url, headers) => {
  const after = reconfigured(BEFORE, { changes: { url }, nowMs: 1 });

  assertEquals(after.headers, headers);
});

Deno.test("reconfigured() keeps headers that come with another host", () => {
  const headers = { authorization: "Bearer new" };
  const changes = { url: "https://elsewhere.example/", headers };

  assertEquals(reconfigured(BEFORE, { changes, nowMs: 1 }).headers, headers);
});
