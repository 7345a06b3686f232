import {
  assert,
  assertEquals,
  assertMatch,
  assertNotMatch,
  assertStringIncludes,
} from "@std/assert";
import {
  ack,
  queryOf,
  type Received,
  runTrigger,
  startReceiver,
} from "../../support/cli/trigger_fixture.ts";

function fieldsOf({ body }: Received): Record<string, unknown> {
  return JSON.parse(body);
}

function valuesOf(requests: readonly Received[], field: string): unknown[] {
  return requests.map((received) => fieldsOf(received)[field]);
}

Deno.test("run() sends one signed creation of a group by default", async () => {
  await using receiver = startReceiver();
  const { code, out } = await runTrigger(["--to", receiver.url]);
  const [received] = receiver.requests;
  assert(received !== undefined);
  assertEquals(code, 0);
  assertEquals(received.method, "POST");
  assertEquals(received.contentType, "application/json");
  assertEquals(queryOf(received, "SdkAppid"), "1400000000");
  const command = "Group.CallbackAfterCreateGroup";
  assertEquals(queryOf(received, "CallbackCommand"), command);
  assertEquals(fieldsOf(received).CallbackCommand, command);
  assertMatch(
    out.join("\n"),
    /^200 \{"ActionStatus":"OK","ErrorInfo":"","ErrorCode":0\} \d+\.\d ms {2}@TGS#2[A-Z]{8}$/,
  );
});

Deno.test("run() keeps the path of --to", async () => {
  await using receiver = startReceiver();
  await runTrigger(["--to", `${receiver.url}hidden/path`]);
  assertEquals(receiver.requests[0]?.url.pathname, "/hidden/path");
});

Deno.test("run() takes a fresh group for each callback without --group", async () => {
  await using receiver = startReceiver();
  await runTrigger(["--to", receiver.url, "--count", "5"]);
  assertEquals(new Set(valuesOf(receiver.requests, "GroupId")).size, 5);
});

Deno.test("run() sends distinct callbacks about one group with --group", async () => {
  await using receiver = startReceiver();
  const flags = ["--group", "ops 1", "--count", "5", "--concurrency", "5"];
  await runTrigger(["--to", receiver.url, ...flags]);
  assertEquals(
    valuesOf(receiver.requests, "GroupId"),
    Array(5).fill("ops 1"),
  );
  assertEquals(new Set(receiver.requests.map(({ body }) => body)).size, 5);
});

Deno.test("run() names --command in query and body", async () => {
  await using receiver = startReceiver();
  const command = "Group.CallbackAfterMemberExit";
  await runTrigger(["--to", receiver.url, "--command", command]);
  assertEquals(queryOf(receiver.requests[0], "CallbackCommand"), command);
  assertEquals(valuesOf(receiver.requests, "CallbackCommand"), [command]);
  assertEquals(valuesOf(receiver.requests, "ExitType"), ["Kicked"]);
});

Deno.test("run() puts --set into the body, JSON or else a string", async () => {
  await using receiver = startReceiver();
  const sets = ["Name=Hello=there", "EventTime=7", "MemberList=[]", "Odd={no"];
  await runTrigger([
    "--to",
    receiver.url,
    ...sets.flatMap((set) => ["--set", set]),
  ]);
  assertEquals(valuesOf(receiver.requests, "Name"), ["Hello=there"]);
  assertEquals(valuesOf(receiver.requests, "EventTime"), [7]);
  assertEquals(valuesOf(receiver.requests, "MemberList"), [[]]);
  assertEquals(valuesOf(receiver.requests, "Odd"), ["{no"]);
});

Deno.test("run() sends each callback twice with --duplicate", async () => {
  await using receiver = startReceiver();
  const { out, talk } = await runTrigger([
    "--to",
    receiver.url,
    "--count",
    "2",
    "--duplicate",
  ]);
  const [first, second, third, fourth] = receiver.requests;
  assertEquals(first?.body, second?.body);
  assertEquals(first?.url.search, second?.url.search);
  assertEquals(third?.body, fourth?.body);
  assert(first?.body !== third?.body);
  assertEquals(out.length, 4);
  assertMatch(talk.join("\n"), /^4 ok, 0 failed/);
});

Deno.test("run() sends a wrong Sign of the right form with --bad-sign", async () => {
  await using receiver = startReceiver();
  const { code, out } = await runTrigger(["--to", receiver.url, "--bad-sign"]);
  assertEquals(code, 1);
  assertMatch(queryOf(receiver.requests[0], "Sign") ?? "", /^[0-9a-f]{64}$/);
  assertStringIncludes(out.join("\n"), '401 {"ActionStatus":"FAIL"');
  assertStringIncludes(out.join("\n"), '"ErrorCode":40101');
});

Deno.test("run() signs rightly for two minutes ago with --late", async () => {
  await using receiver = startReceiver();
  const { code, out } = await runTrigger(["--to", receiver.url, "--late"]);
  assertEquals(code, 1);
  assertStringIncludes(out.join("\n"), '"ErrorCode":40102');
});

Deno.test("run() signs with the token of the app's variable", async () => {
  await using receiver = startReceiver({ token: "s3cret" });
  const { code } = await runTrigger(["--to", receiver.url, "--app", "17"], {
    env: { IMHOOK_APP_17: "s3cret\n" },
  });
  assertEquals(code, 0);
  assertEquals(queryOf(receiver.requests[0], "SdkAppid"), "17");
});

Deno.test("run() sends unsigned and says so without a token", async () => {
  await using receiver = startReceiver({ answer: () => ack("OK") });
  const { talk } = await runTrigger(["--to", receiver.url, "--app", "17"]);
  const query = receiver.requests[0]?.url.search ?? "";
  assertNotMatch(query, /Sign|RequestTime/);
  assertStringIncludes(talk.join("\n"), "IMHOOK_APP_17: sending unsigned");
});
