import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Endpoint } from "../../../src/delivery/endpoint/endpoint.ts";
import {
  createEndpoint,
  getEndpoint,
} from "../../../src/delivery/endpoint/endpoints.ts";
import { deadLetterKey } from "../../../src/delivery/endpoint/keys.ts";
import { DeliveryRates } from "../../../src/delivery/endpoint/rates.ts";
import { createTester } from "../../../src/delivery/outbound/trial_event.ts";
import { endpointRoutes } from "../../../src/http/endpoints/routes.ts";
import {
  imhook,
  READ_TOKEN,
  startApi,
  tempFolder,
} from "../../support/cli/server_fixture.ts";
import { START_MS } from "../../support/clock_fixture.ts";
import { endpointOf, SECRET } from "../../support/delivery/delivery_fixture.ts";

/** A server whose endpoints are delivered nothing. */
function startEndpoints() {
  return startApi({
    routes: (store) =>
      endpointRoutes({
        rates: new DeliveryRates(),
        store,
        deliveries: { changed() {} },
        checkUrl: (href) => Promise.resolve({ kind: "ok", href }),
        test: createTester({
          journalId: "j",
          post: () =>
            Promise.resolve({
              kind: "answer",
              status: 200,
              headers: {},
              bodyStart: "thanks",
              durationMs: 1,
            }),
        }),
      }),
  });
}

const TARGET = "https://app.example/hooks";

Deno.test("endpoints are added, shown, changed, paused, tested, rotated and removed", async () => {
  await using server = await startEndpoints();
  await server.append(3);
  const run = async (...args: string[]) => {
    const { code, out, talk } = await imhook(["endpoints", ...args], {
      server,
    });
    assertEquals(code, 0, talk);
    return { out: out.join("\n"), talk };
  };

  assertEquals((await run()).talk, "There is no endpoint");
  const added = await run("add", TARGET, "--family", "Group", "--start", "2");
  assertMatch(added.out, /^ep_\w{16} +active +at 1, 2 events behind .*hooks$/);
  assertMatch(added.talk, /shown only now: whsec_/);
  const id = added.out.slice(0, 19);
  const [line = "", ...details] = (await run("show", id)).out.split("\n");
  assertEquals((await run("list")).out, line);
  assertMatch(details.join("\n"), /^ +wants +Group\.\*\n +headers +none of/);
  const edited = await run("edit", id, "--command", "Group.New", "--json");
  assertEquals(JSON.parse(edited.out).filter.commands, ["Group.New"]);
  assertMatch(edited.talk, /knows no command "Group.New"/);
  assertMatch((await run("pause", id)).out, /paused/);
  assertMatch((await run("redeliver", id, "--seq", "3")).out, /sends 3 to 3/);
  assertMatch((await run("replay", id, "--from", "1")).out, /sends 1 to 1/);
  assertMatch((await run("resume", id)).out, /active/);
  assertMatch((await run("test", id)).out, /"answer": "thanks"/);
  assertMatch((await run("rotate", id)).talk, /signs as well until/);
  assertEquals((await run("attempts", id)).out, "");
  assertEquals((await run("dead-letters", id)).out, "");
  assertEquals((await run("remove", id)).out, "");
  assertEquals((await run("list")).talk, "There is no endpoint");
});

Deno.test("endpoints sign with the app's token until that is taken back", async () => {
  await using server = await startEndpoints();
  const run = (...args: string[]) => imhook(["endpoints", ...args], { server });
  const signing = ["--format", "tencent", "--sign-with-app-token"];
  const added = await run("add", TARGET, ...signing, "--json");
  const { id, signWithAppToken } = JSON.parse(added.out.join(""));
  assertEquals(signWithAppToken, true);

  const edited = await run("edit", id, "--no-sign-with-app-token", "--json");
  assertEquals(JSON.parse(edited.out.join("")).signWithAppToken, false);
  const both = ["--sign-with-app-token", "--no-sign-with-app-token"];
  assertEquals((await run("edit", id, ...both)).code, 2);
});

Deno.test("endpoints add reads a header's value from a file", async () => {
  await using server = await startEndpoints();
  await using folder = await tempFolder();
  await Deno.writeTextFile(folder.file("key"), "Bearer hush\n");
  const header = `Authorization: @${folder.file("key")}`;
  const args = ["endpoints", "add", TARGET, "--header", header, "--json"];
  const { out } = await imhook(args, { server });

  assertEquals(JSON.parse(out[0] ?? "").headers, ["Authorization"]);
  assert(!out.join().includes("hush"));
});

/** Edits an endpoint that has everything, and gives what is left of it. */
async function edited(...flags: readonly string[]): Promise<Endpoint> {
  await using server = await startEndpoints();
  const filter = {
    commands: ["Group.New"],
    families: ["Group"],
    apps: [1],
    groups: ["g"],
  };
  const headers = { "x-key": "hush" };
  const endpoint = endpointOf({ filter, headers, retrySec: [5] });
  await createEndpoint(server.store.side, endpoint);
  const args = ["endpoints", "edit", "e1", ...flags];
  const { code, talk } = await imhook(args, { server });
  assertEquals(code, 0, talk);
  const after = await getEndpoint(server.store.side, "e1");
  assert(after !== null);
  return after;
}

Deno.test("endpoints edit takes filter, headers and retries away", async () => {
  const all = await edited("--family", "", "--header", "", "--retries", "none");
  const empty = { commands: [], families: [], apps: [], groups: [] };

  assertEquals([all.filter, all.headers, all.retrySec], [empty, {}, []]);
  assertEquals((await edited("--retries", "")).retrySec, []);
  assertEquals((await edited("--retries", "default")).retrySec, undefined);
  assertEquals((await edited("--app", "")).filter, empty);
  const { filter, headers } = await edited("--description", "");
  assertEquals([filter.apps, headers], [[1], { "x-key": "hush" }]);
});

Deno.test("endpoints show prints everything but what is secret", async () => {
  await using server = await startEndpoints();
  const retry = {
    seq: 3,
    failures: 2,
    nextAttemptAtMs: START_MS,
    cause: "timeout",
  };
  await createEndpoint(
    server.store.side,
    endpointOf({
      description: "Our backend",
      filter: {
        commands: ["C2C.Sent"],
        families: ["Group"],
        apps: [1, 2],
        groups: ["g"],
      },
      headers: { "x-key": "hush" },
      retrySec: [5, 60],
      onExhausted: "dead-letter",
      main: { after: 2, retry },
      secrets: [
        { secret: SECRET, createdAtMs: START_MS },
        {
          secret: SECRET,
          createdAtMs: START_MS,
          expiresAtMs: Date.UTC(2100, 0),
        },
      ],
    }),
  );
  const { out } = await imhook(["endpoints", "show", "e1"], { server });

  assertEquals(out.slice(1), [
    "  event 3 has failed 2 times: timeout",
    "  next attempt at 2026-01-01T00:00:00.000Z",
    "  description  Our backend",
    "  wants        Group.*, C2C.Sent; of the apps 1, 2; of the groups g",
    "  headers      x-key",
    "  timeout      1 s",
    "  retries      after up to 5, 60 s",
    "  then         the event is set aside",
    "  made         2026-01-01T00:00:00.000Z",
    "  secret       made 2026-01-01T00:00:00.000Z",
    "  secret       made 2026-01-01T00:00:00.000Z, signs until 2100-01-01T00:00:00.000Z",
  ]);
});

Deno.test("endpoints dead-letters counts by cause, and discard forgets one or all of a cause", async () => {
  await using server = await startEndpoints();
  await server.append(4);
  await createEndpoint(server.store.side, endpointOf());
  for (const [index, cause] of ["dns", "tls", "dns", "dns"].entries()) {
    const letter = { atMs: START_MS, cause, failures: 1 };
    const key = deadLetterKey("e1", index + 1);
    await server.store.side.atomic().set(key, letter).commit();
  }
  const run = (...args: string[]) => imhook(["endpoints", ...args], { server });
  const listed = await run("dead-letters", "e1", "--cause", "tls");
  assertEquals(listed.talk, "3 dns, 1 tls");
  assertMatch(listed.out.join("\n"), /^ +2 +2026-.* +tls \(1 attempt\)$/);
  assertEquals((await run("discard", "e1", "--seq", "4")).code, 0);
  const again = await run("discard", "e1", "--seq", "4");
  assertEquals(again.code, 1);
  const discarded = await run("discard", "e1", "--all", "--cause", "dns");
  assertEquals(discarded.talk, "2 dead letters are discarded");
  assertEquals((await run("dead-letters", "e1")).talk, "1 tls");
});

Deno.test("endpoints replay takes a time and a last number, and skip a number", async () => {
  await using server = await startEndpoints();
  await server.append(3);
  const retry = { seq: 3, failures: 1, nextAttemptAtMs: 0, cause: "dns" };
  await createEndpoint(
    server.store.side,
    endpointOf({ main: { after: 2, retry } }),
  );
  const run = (...args: string[]) => imhook(["endpoints", ...args], { server });
  const since = ["--since", "2020-01-01T00:00:00Z"];
  const replay = await run("replay", "e1", ...since, "--to", "1");
  const skip = await run("skip", "e1", "--seq", "3");

  assertMatch(replay.out.join(), /sends 1 to 1 again/);
  assertMatch(skip.out.join(), /at 3, up to date/);
});

Deno.test("endpoints list takes the token that reads, and pause does not", async () => {
  await using server = await startEndpoints();
  const env = { IMHOOK_API_TOKEN_READ: READ_TOKEN };
  const read = await imhook(["endpoints"], { server, env });
  const change = await imhook(["endpoints", "pause", "e"], { server, env });

  assertEquals([read.code, change.code], [0, 2]);
});

Deno.test.each([
  [["add"], "URL is missing"],
  [["show"], "ID is missing"],
  [["frob", "x"], 'Unknown action "frob"'],
  [["constructor", "x"], 'Unknown action "constructor"'],
  [["edit", "x"], "Nothing to edit"],
  [["edit", "x", "--start", "1"], "--start: only add takes it"],
  [["add", "x", "--header", "nothing"], "--header: expected one like"],
  [["add", "x", "--retries", "5,soon"], "--retries: expected a number"],
  [["replay", "x"], "replay: expected --from N or --since TIME"],
  [["redeliver", "x"], "--seq: is missing"],
  [["discard", "x"], "discard: expected --seq N or --all"],
  [["discard", "x", "--seq", "1", "--all"], "discard: expected --seq N or"],
  [["edit", "x", "--timeout", ""], "--timeout: expected a number"],
])("endpoints given %j says what is wrong", async (args, problem) => {
  const { code, talk } = await imhook(["endpoints", ...args]);

  assertEquals(code, 2);
  assert(talk.includes(problem), talk);
});
