import { assertEquals } from "@std/assert";
import { sampleSource } from "../../../src/cli/trigger/source.ts";

const OPTIONS = {
  sdkAppId: 1400000000,
  token: "t",
  lateSec: 0,
  fields: {},
  command: "Group.CallbackAfterGroupFull",
  groupId: "g1",
  now: () => 1669872112999,
};

function eventTimeOf({ body }: { readonly body: Uint8Array }): number {
  return JSON.parse(new TextDecoder().decode(body)).EventTime;
}

Deno.test("sampleSource() gives each callback of one millisecond its own time", () => {
  const next = sampleSource(OPTIONS);
  assertEquals([next(), next(), next()].map(eventTimeOf), [
    1669872112999,
    1669872113000,
    1669872113001,
  ]);
});

Deno.test("sampleSource() signs for the clock's second, less what is late", () => {
  const timeOf = (lateSec: number) =>
    new URLSearchParams(sampleSource({ ...OPTIONS, lateSec })().query)
      .get("RequestTime");
  assertEquals([timeOf(0), timeOf(120)], ["1669872112", "1669871992"]);
});
