import { assertEquals, assertStringIncludes } from "@std/assert";
import { wantsRest } from "../../../src/cli/trigger/serve_rest.ts";
import { imhook } from "../../support/cli/server_fixture.ts";
import { startChild } from "../../support/server/child.ts";
import { until } from "../../support/until.ts";

Deno.test.each<[string[], boolean]>([
  [["--serve-rest", "9100"], true],
  [["--serve-rest=9100"], true],
  [["--count", "2"], false],
  [["--serve-rester"], false],
])("wantsRest() of %j is %s", (args, expected) => {
  assertEquals(wantsRest(args), expected);
});

Deno.test.each([
  [["--serve-rest", "0"], "--serve-rest: expected a whole number"],
  [["--serve-rest", "9100", "--lose", "101"], "--lose: expected"],
  [
    ["--serve-rest", "9100", "--to", "https://chat.example.com/"],
    "this machine alone",
  ],
  [["--serve-rest", "9100", "--to", "x"], "--to: expected a URL"],
  [["--serve-rest", "9100", "--count", "2"], "Unknown option"],
])("trigger %j is refused: %s", async (args, words) => {
  const { code, talk } = await imhook(["trigger", ...args]);

  assertEquals(code, 2);
  assertStringIncludes(talk, words);
});

Deno.test("trigger --serve-rest says how to try it, and stops at a signal", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  await using child = startChild([
    "trigger",
    "--serve-rest",
    String(port),
    "--import",
    "3",
  ]);
  await until(
    "it listens",
    () => child.stderr.includes("create_group") || undefined,
  );

  assertStringIncludes(child.stderr, "It holds 3 imported groups");
  child.kill("SIGTERM");
  assertEquals((await child.ended()).code, 0);
});
