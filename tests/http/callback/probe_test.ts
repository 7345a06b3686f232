import { assertEquals } from "@std/assert";
import { ProbeLog } from "../../../src/http/callback/probe.ts";
import { openLogLines } from "../../support/log_fixture.ts";

Deno.test("ProbeLog logs at most one probe a minute, and no value", async () => {
  await using log = await openLogLines();
  let nowMs = 0;
  const probes = new ProbeLog({ now: () => nowMs });
  const names = Array.from({ length: 20 }, (_, index) => `name${index}`);
  const probe = {
    method: "POST",
    search: `${"x".repeat(40)}=secret&${names.join("=secret&")}`,
    bodyLength: 2,
  };

  probes.add(probe);
  nowMs += 59_999;
  probes.add(probe);
  nowMs += 1;
  probes.add({ ...probe, method: "GET", search: "" });

  const shown = log.lines.map((
    { message, method, bodyLength, queryNames },
  ) => ({
    message,
    method,
    bodyLength,
    queryNames,
  }));
  assertEquals(shown, [
    {
      message: "Probe answered",
      method: "POST",
      bodyLength: 2,
      queryNames: ["x".repeat(32), ...names.slice(0, 15)],
    },
    { message: "Probe answered", method: "GET", bodyLength: 2, queryNames: [] },
  ]);
});
