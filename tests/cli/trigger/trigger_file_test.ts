import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { UsageError } from "../../../src/cli/terminal/flags.ts";
import {
  deadUrl,
  queryOf,
  runTrigger,
  startReceiver,
} from "../../support/cli/trigger_fixture.ts";

async function tempFile(content: string): Promise<string> {
  const path = await Deno.makeTempFile();
  await Deno.writeTextFile(path, content);
  return path;
}

Deno.test("run() sends the bytes of --file as they are", async () => {
  await using receiver = startReceiver();
  const text = '{ "CallbackCommand":"State.StateChange",\n "GroupId":"g7" }\n';
  const path = await tempFile(text);
  const { code, out } = await runTrigger([
    "--to",
    receiver.url,
    "--file",
    path,
  ]);
  assertEquals(code, 0);
  assertEquals(receiver.requests[0]?.body, text);
  const command = queryOf(receiver.requests[0], "CallbackCommand");
  assertEquals(command, "State.StateChange");
  assertMatch(out.join("\n"), / ms {2}g7$/);
  await Deno.remove(path);
});

Deno.test("run() sends a --file that is no JSON under --command", async () => {
  await using receiver = startReceiver();
  const path = await tempFile("{no");
  await runTrigger(["--to", receiver.url, "--file", path, "--command", "A.B"]);
  assertEquals(receiver.requests[0]?.body, "{no");
  assertEquals(queryOf(receiver.requests[0], "CallbackCommand"), "A.B");
  await Deno.remove(path);
});

Deno.test("run() changes the object of --file with --set", async () => {
  await using receiver = startReceiver();
  const path = await tempFile('{"CallbackCommand":"A.B","Name":"old","n":1}');
  const flags = ["--file", path, "--set", "Name=new"];
  await runTrigger(["--to", receiver.url, ...flags]);
  assertEquals(
    receiver.requests[0]?.body,
    '{"CallbackCommand":"A.B","Name":"new","n":1}',
  );
  await Deno.remove(path);
});

Deno.test.each(
  [
    ["{no", [], "--file: no CallbackCommand"],
    ["{}", [], "--file: no CallbackCommand"],
    ['{"CallbackCommand":1}', [], "--file: no CallbackCommand"],
    ["[]", ["--command", "A.B", "--set", "a=1"], "--set: expected a JSON obj"],
  ] as const,
)("run() refuses a file of %s with %j: %s", async (content, args, message) => {
  const path = await tempFile(content);
  await assertRejects(
    () => runTrigger(["--to", deadUrl(), "--file", path, ...args]),
    UsageError,
    message,
  );
  await Deno.remove(path);
});
