import { assert, assertEquals, assertMatch } from "@std/assert";
import { createTester } from "../../src/delivery/test_event.ts";
import { endpointRoutes } from "../../src/http/endpoints.ts";
import { imhook, READ_TOKEN, startApi, tempFolder } from "./server_fixture.ts";

/** A server whose endpoints are delivered nothing. */
function startEndpoints() {
  return startApi({
    routes: (store) =>
      endpointRoutes({
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
  assertEquals((await run("list")).out, (await run("show", id)).out);
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
])("endpoints given %j says what is wrong", async (args, problem) => {
  const { code, talk } = await imhook(["endpoints", ...args]);

  assertEquals(code, 2);
  assert(talk.includes(problem), talk);
});
