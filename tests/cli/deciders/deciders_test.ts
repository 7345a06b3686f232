import { assertEquals, assertMatch } from "@std/assert";
import { askDecider } from "../../../src/delivery/decider/ask.ts";
import { Deciders } from "../../../src/delivery/decider/deciders.ts";
import { deciderRoutes } from "../../../src/http/deciders/routes.ts";
import { imhook, startApi } from "../../support/cli/server_fixture.ts";

const TARGET = "https://app.example/tencent";
const CREATE = "Group.CallbackBeforeCreateGroup";
const ACK = '{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":10101}';

/** A server whose deciders are asked nothing but by tests, and answer ACK then. */
function startDeciders() {
  const asking = {
    appToken: () => undefined,
    post: () =>
      Promise.resolve(
        {
          kind: "answer",
          status: 200,
          headers: {},
          bodyStart: ACK,
          durationMs: 1,
        } as const,
      ),
  };
  return startApi({
    routes: (store) =>
      deciderRoutes({
        store,
        deciders: new Deciders({
          ...asking,
          store,
          sleep: () => Promise.withResolvers<void>().promise,
        }),
        checkUrl: (href) => Promise.resolve({ kind: "ok", href }),
        ask: (decider, callback) => askDecider(decider, callback, asking),
        appIds: [1],
      }),
  });
}

Deno.test("deciders are added, shown, changed, tested, paused and removed", async () => {
  await using server = await startDeciders();
  const run = async (...args: string[]) => {
    const { code, out, talk } = await imhook(["deciders", ...args], { server });
    assertEquals(code, 0, talk);
    return { out: out.join("\n"), talk };
  };

  assertEquals((await run()).talk, "There is no decider");
  const family = ["--family", "Group", "--on-failure", "refuse"];
  const added = await run("add", "gate", "--target", TARGET, ...family);
  assertMatch(added.out, /^gate +ok +Group\.\* .*tencent$/);
  assertMatch((await run("show", "gate")).out, /on failure +refuse/);
  const edited = await run("edit", "gate", "--timeout-ms", "300", "--json");
  assertEquals(JSON.parse(edited.out).timeoutMs, 300);
  const set = ["--set", 'Name="x"', "--set", "Type=Public"];
  const test = await run("test", "gate", "--command", CREATE, ...set);
  assertMatch(test.out, /"Type":"Public","Name":"x"/);
  assertMatch(test.out, /decision +refused by gate/);
  assertMatch(test.out, /effect +Tencent refuses; the client sees error 10101/);
  assertMatch((await run("pause", "gate")).out, /paused/);
  assertMatch((await run("resume", "gate")).out, /ok/);
  assertEquals((await run("remove", "gate")).out, "");
});

Deno.test.each([
  [["add"], "NAME is missing"],
  [["list", "x"], 'Unexpected "x"'],
  [["bake", "x"], 'Unknown action "bake"'],
  [["test", "x"], "--command: is missing"],
  [["edit", "x"], "Nothing to edit"],
  [["add", "x", "--answer", "{"], "--answer: expected JSON"],
  [["add", "x", "--app", "y"], "--app: expected a number"],
  [["add", "x", "--token-file", "/no/such"], "--token-file: cannot read"],
])("deciders %j is refused: %s", async (args, words) => {
  await using server = await startDeciders();
  const { code, talk } = await imhook(["deciders", ...args], { server });

  assertEquals(code, 2);
  assertEquals(talk.includes(words), true, talk);
});
