import {
  assert,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { UsageError } from "../../../src/cli/terminal/flags.ts";
import { help } from "../../../src/cli/trigger/trigger.ts";
import { deadUrl, runTrigger } from "../../support/cli/trigger_fixture.ts";

Deno.test.each(
  [
    [["--to", "ftp://127.0.0.1/"], "--to"],
    [["--to", "127.0.0.1:8080"], "--to"],
    [["--to", "http://127.0.0.1/?a=b"], "--to"],
    [["--to", "http://127.0.0.1/#a"], "--to"],
    [["--to", "http://me@127.0.0.1/"], "--to"],
    [["--to", "http://:pass@127.0.0.1/"], "--to"],
    [["--app", "x"], "--app"],
    [["--app", "0"], "--app"],
    [["--count", "0"], "--count"],
    [["--count", "1.5"], "--count"],
    [["--concurrency", "257"], "--concurrency"],
    [["--set", "Name"], "--set"],
    [["--set", "=x"], "--set"],
    [["--app", "17", "--late"], "--late"],
    [["--file", "/nowhere/body.json"], "--file"],
    [["--file", "a.json", "--group", "g"], "--group"],
    [["--token", "t"], "--token"],
    [["stray"], "stray"],
  ] as const,
)("run() refuses %j, naming %s", async (args, flag) => {
  const dead = args[0] === "--to" ? [] : ["--to", deadUrl()];
  await assertRejects(() => runTrigger([...args, ...dead]), UsageError, flag);
});

Deno.test("run() does not repeat the query of a refused --to", async () => {
  const url = "http://127.0.0.1/?Sign=abc";
  const error = await assertRejects(
    () => runTrigger(["--to", url]),
    UsageError,
  );
  assert(!error.message.includes("abc"));
});

Deno.test.each(
  [
    "--to URL",
    "--app N",
    "--command C",
    "--group ID",
    "--count N",
    "--concurrency N",
    "--set NAME=VALUE",
    "--file PATH",
    "--duplicate",
    "--bad-sign",
    "--late",
    "IMHOOK_APP_<N>_FILE",
  ],
)("help tells of %s", (flag) => {
  assertStringIncludes(help, flag);
  assertMatch(help, /^Usage: imhook trigger/);
});
