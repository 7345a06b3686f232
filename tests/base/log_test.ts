import { assertEquals, assertMatch } from "@std/assert";
import { logger, openLog } from "../../src/base/log.ts";

async function linesOf(hasPriority: boolean): Promise<string[]> {
  const lines: string[] = [];
  const write = (line: string) => lines.push(line);
  await using _ = await openLog({ level: "debug", write, hasPriority });
  const log = logger("test");
  log.debug("a");
  log.info("b");
  log.warn("c");
  log.error("d");
  return lines;
}

Deno.test("openLog() begins each line with systemd's level where it is wanted", async () => {
  const lines = await linesOf(true);

  assertEquals(lines.map((line) => line.slice(0, 4)), [
    ...["<7>{", "<6>{", "<4>{", "<3>{"],
  ]);
});

Deno.test("openLog() writes JSON alone elsewhere", async () => {
  for (const line of await linesOf(false)) assertMatch(line, /^\{.*\}$/);
});
