import {
  assert,
  assertEquals,
  assertMatch,
  assertNotMatch,
  assertStringIncludes,
} from "@std/assert";
import {
  ack,
  deadUrl,
  queryOf,
  runTrigger,
  startReceiver,
} from "../../support/cli/trigger_fixture.ts";

Deno.test("run() ends with a summary on standard error", async () => {
  await using receiver = startReceiver();
  const { talk } = await runTrigger(["--to", receiver.url, "--count", "3"]);
  assertMatch(
    talk.join("\n"),
    /^3 ok, 0 failed, \d+ requests\/s, p50 \d+\.\d ms, p99 \d+\.\d ms$/,
  );
});

Deno.test("run() prints neither token nor Sign, even if a server sends it back", async () => {
  await using receiver = startReceiver({
    answer: ({ url }) => new Response(`Cannot POST ${url}`, { status: 404 }),
  });
  const { code, out, talk } = await runTrigger(["--to", receiver.url], {
    env: { IMHOOK_APP_1400000000: "t0ken" },
  });
  const printed = [...out, ...talk].join("\n");
  assertEquals(code, 1);
  assertStringIncludes(printed, "404 Cannot POST");
  const sign = queryOf(receiver.requests[0], "Sign") ?? "none";
  assert(!printed.includes(sign));
  assert(!printed.includes("t0ken"));
});

Deno.test("run() counts an unreachable server as failed and says what to do", async () => {
  const url = deadUrl();
  const { code, out, talk } = await runTrigger(["--to", url, "--count", "2"]);
  assertEquals(code, 1);
  assertEquals(out.length, 2);
  assertMatch(out[0] ?? "", /^--- connection refused \d+\.\d ms {2}@TGS#2/);
  assertEquals(
    talk[0],
    `Cannot reach ${url}: connection refused; is imhook running? To try it: npx -y deno@2.9.6 task start`,
  );
  assertMatch(talk[1] ?? "", /^0 ok, 2 failed, \d+ requests\/s$/);
  assertNotMatch([...out, ...talk].join("\n"), /SdkAppid|Sign/);
});

Deno.test.each(
  [
    [200, '{"ActionStatus":"FAIL"}'],
    [201, '{"ActionStatus":"OK"}'],
    [200, "OK"],
    [200, '"OK"'],
    [200, "null"],
    [200, ""],
  ] as const,
)("run() fails on the answer %d %s", async (status, text) => {
  await using receiver = startReceiver({
    answer: () => new Response(text, { status }),
  });
  const { code } = await runTrigger(["--to", receiver.url]);
  assertEquals(code, 1);
});

Deno.test("run() prints no line for a good answer of more than 20 callbacks", async () => {
  await using receiver = startReceiver();
  const { code, out } = await runTrigger(["--to", receiver.url, "--count=21"]);
  assertEquals(code, 0);
  assertEquals(out, []);
  assertEquals(receiver.requests.length, 21);
});

Deno.test("run() prints the first 20 failures and counts the rest", async () => {
  await using receiver = startReceiver({ answer: () => ack("FAIL") });
  const { code, out, talk } = await runTrigger([
    "--to",
    receiver.url,
    "--count=23",
  ]);
  assertEquals(code, 1);
  assertEquals(out.length, 20);
  assertEquals(talk[0], "… and 3 more failed");
  assertMatch(talk[1] ?? "", /^0 ok, 23 failed/);
});

Deno.test.each([
  ["Group.CallbackAfterCreateGroup", ""],
  ["group.callbackaftercreategroup", "Did you mean Group.CallbackAfterCreate"],
  ["Live.New", 'no command "Live.New"; it is sent all the same.'],
])("run() of the command %s says of it: %s", async (command, expected) => {
  await using receiver = startReceiver();
  const { code, talk } = await runTrigger([
    ...["--to", receiver.url, "--command", command],
  ]);

  assertEquals(code, 0);
  assertEquals(talk.length, expected === "" ? 1 : 2);
  assertStringIncludes(talk.join("\n"), expected);
});

Deno.test("run() writes EventTime as --event-time asks", async () => {
  await using receiver = startReceiver();
  const sent = async (...flags: string[]) => {
    await runTrigger(["--to", receiver.url, ...flags]);
    return typeof JSON.parse(receiver.requests.at(-1)?.body ?? "").EventTime;
  };

  assertEquals(await sent(), "number");
  assertEquals(await sent("--event-time", "number"), "number");
  assertEquals(await sent("--event-time", "string"), "string");
});
