import { createEndpoint } from "../../src/delivery/endpoint/endpoints.ts";
import { endpointOf } from "../support/delivery/delivery_fixture.ts";
import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { Store } from "../../src/store/open.ts";
import {
  imhook,
  READ_TOKEN,
  startApi,
  tempFolder,
  TOKEN,
} from "../support/cli/server_fixture.ts";
import { deadUrl } from "../support/cli/trigger_fixture.ts";

const ENCODER = new TextEncoder();

/** Sets a body aside. */
async function setAside(
  { writer }: Store,
  { code, command = "", body }: {
    readonly code: number;
    readonly command?: string;
    readonly body: string;
  },
): Promise<void> {
  const query = command === "" ? "" : `CallbackCommand=${command}`;
  await writer.append({
    sequence: "quarantine",
    item: {
      app: 1,
      receivedAtMs: Date.UTC(2026, 10, 22),
      digest: new Uint8Array(16),
      isRecognisable: false,
      meta: JSON.stringify({ code, reason: "it was odd", query }),
      body: ENCODER.encode(body),
    },
  });
}

Deno.test("consumers are made, listed, moved and forgotten", async () => {
  await using server = await startApi();
  await server.append(10);
  const consumers = async (...args: string[]) => {
    const { code, out, talk } = await imhook(["consumers", ...args], {
      server,
    });
    return [code, out.join("\n").replace(/ +/g, " ").replace(/\(.*/, ""), talk];
  };

  assertEquals(await consumers("list"), [0, "", "There is no consumer"]);
  assertEquals(await consumers("create", "a", "--start", "first"), [
    0,
    "a at 0, 10 events behind ",
    "",
  ]);
  assertEquals(
    (await consumers("ack", "a", "--through", "4"))[1],
    "a at 4, 6 events behind ",
  );
  assertEquals(
    (await consumers("seek", "a", "--start", "9"))[1],
    "a at 8, 2 events behind ",
  );
  assertEquals(
    (await consumers("seek", "a", "--start", "now"))[1],
    "a at 10, up to date",
  );
  assertEquals((await consumers("list"))[1], "a at 10, up to date");
  assertEquals(await consumers("delete", "a"), [0, "", "Removed a"]);
  assertEquals((await consumers("ack", "a", "--through", "4"))[0], 1);
});

Deno.test.each([
  [["consumers", "ack", "a"], "--through: is missing"],
  [["consumers", "seek", "a"], "--start: is missing"],
  [["consumers", "create"], "NAME is missing"],
  [["consumers", "frob", "a"], 'Unknown action "frob"'],
  [["consumers", "constructor", "a"], 'Unknown action "constructor"'],
  [["consumers", "list", "a"], 'Unexpected "a"'],
  [["consumers", "ack", "a", "b"], 'Unexpected argument "b"'],
  [["quarantine", "show"], "ID: expected a number"],
  [["quarantine", "show", "../1"], "ID: expected a number"],
  [["quarantine", "delete", "--all"], "--all: revalidate takes it alone"],
  [["quarantine", "list", "--all"], "--all: revalidate takes it alone"],
  [["quarantine", "--all"], "--all: revalidate takes it alone"],
  [["quarantine", "revalidate", "1", "--all"], 'Unexpected "1"'],
  [["quarantine", "delete"], "ID: expected a number"],
  [["quarantine", "delete", "1", "--reason", "x"], "an ID or a filter"],
  [["quarantine", "delete", "--code", "42200"], "--code: give delete"],
  [["quarantine", "list", "--before", "7"], "--before: delete takes it alone"],
  [["quarantine", "delete", "1", "--oldest"], "--oldest: list takes it alone"],
  [["quarantine", "revalidate", "--all", "--reason", "x"], "--reason: list"],
  [["quarantine", "frob", "1"], 'Unknown action "frob"'],
  [["purge", "--yes"], "--before: is missing"],
  [["purge", "--after", "1"], "Unknown option '--after'"],
  [
    ["rebuild", "--ignore-sender", "203.0.113.7", "--from", "9", "--to", "3"],
    "--from: expected at most --to, got 9 and 3",
  ],
  [["export", "--after", "x"], "--after: expected a whole number"],
  [["export", "file"], "Unexpected argument 'file'"],
  [["import", "a", "b"], 'Unexpected argument "b"'],
])("main() given %j says what is wrong", async (args, problem) => {
  const { code, out, talk } = await imhook(args);

  assertEquals([code, out], [2, []]);
  assertStringIncludes(talk, problem);
  assertStringIncludes(talk, `Usage: imhook ${args[0]}`);
});

Deno.test("quarantine lists, shows, revalidates and removes", async () => {
  await using server = await startApi();
  const good = '{"GroupId":"g"}';
  const command = "Group.CallbackAfterCreateGroup";
  await setAside(server.store, { code: 42200, body: "no JSON\x1b[2J" });
  await setAside(server.store, { code: 42202, command, body: good });
  await setAside(server.store, { code: 42202, command, body: good });
  const run = (...args: string[]) =>
    imhook(["quarantine", ...args], { server });

  const list = await run("list", "--code", "42202");
  assertEquals(list.out.length, 2);
  assertMatch(
    list.out[0] ?? "",
    /^ +3 +2026-11-22T.* 1 +42202 +15 B +it was odd$/,
  );
  assertStringIncludes(
    (await run("show", "1")).out.join("\n"),
    "no JSON\ufffd[2J",
  );
  assertEquals((await run("revalidate", "2")).out, ["2  is event 1 now"]);
  const rest = await run("revalidate", "--all");
  assertEquals(rest.talk, "1 are events now; 1 stay");
  assertEquals((await run("delete", "1")).code, 0);
  assertEquals((await run()).talk, "Nothing is set aside");
  assertEquals((await run("show", "1")).code, 1);
});

Deno.test("quarantine lists the newest first, and removes many by a filter", async () => {
  await using server = await startApi();
  for (const code of [42200, 42202, 42202]) {
    await setAside(server.store, { code, body: "x" });
  }
  const run = (...args: string[]) =>
    imhook(["quarantine", ...args], { server });

  const numbers = async (...args: string[]) =>
    (await run("list", ...args)).out.map((line) => line.trim()[0]);
  assertEquals(await numbers(), ["3", "2", "1"]);
  assertEquals(await numbers("--oldest"), ["1", "2", "3"]);
  const reason = ["--reason", "42202"];
  const early = ["--before", "2026-11-22T00:00:00Z"];
  assertEquals((await run("delete", ...reason, ...early)).talk, "Removed 0");
  assertEquals((await run("delete", ...reason)).talk, "Removed 2");
  assertEquals((await run("list")).out.length, 1);
});

Deno.test("purge does nothing without --yes, and then what it says", async () => {
  await using server = await startApi();
  for (let pack = 0; pack < 3; pack++) await server.append(5);
  const purge = (...args: string[]) =>
    imhook(["purge", "--before", "11", ...args], { server });

  const asked = await purge();
  const done = await purge("--yes");

  assertEquals([asked.code, done.code], [2, 0]);
  assertMatch(asked.talk, /holds 1 to 15\. To remove .* say --yes/);
  assertEquals(done.talk, "Removed 10 events; the journal begins at 11 now");
});

Deno.test("purge says which endpoint holds events back, and that it is not done", async () => {
  const floor = () => Promise.resolve(7);
  await using server = await startApi({ purging: { floor } });
  for (let pack = 0; pack < 3; pack++) await server.append(5);
  const endpoint = endpointOf({ id: "ep_1", main: { after: 7 } });
  await createEndpoint(server.store.side, endpoint);

  const { code, talk } = await imhook(["purge", "--before", "11", "--yes"], {
    server,
  });

  assertEquals([code, talk.split("\n")], [1, [
    "Removed 5 events; the journal begins at 6 now",
    'Endpoint ep_1 still needs what follows 7: see "imhook endpoints show ep_1", or remove it with --force',
  ]]);
});

Deno.test("purge waits for the directory, and not for one that does not go on", async () => {
  const status: { failure?: string } = {};
  const waiting: string[] = [];
  await using server = await startApi({
    purging: {
      floor: () => Promise.resolve(0),
      prepare: () => {
        waiting.push("asked");
        if (waiting.length === 3) status.failure = "the disk is full";
        return Promise.resolve(false);
      },
      directory: { status, floor: () => Promise.resolve(0) },
    },
  });
  await server.append(5);

  const { code, talk } = await imhook(["purge", "--before", "3", "--yes"], {
    server,
  });

  assertEquals([code, waiting.length, talk.split("\n")], [1, 3, [
    "Waiting for the group directory, which has the events up to 0",
    "Removed 0 events; the journal begins at 1 now",
    "The group directory has the events up to 0 and does not go on: the disk is full",
  ]]);
});

Deno.test("a command without a token says which variable it wants", async () => {
  const { code, talk } = await imhook(["consumers"], { env: {} });

  assertEquals(code, 2);
  assertStringIncludes(
    talk,
    "IMHOOK_API_TOKEN or IMHOOK_API_TOKEN_READ: none is set",
  );
});

Deno.test("a token comes from a file, too; the one that reads is enough to read", async () => {
  await using folder = await tempFolder();
  await using server = await startApi();
  const path = folder.file("token");
  await Deno.writeTextFile(path, `${TOKEN}\n`);

  const byFile = await imhook(["consumers", "create", "a"], {
    server,
    env: { IMHOOK_API_TOKEN_FILE: path },
  });
  const env = { IMHOOK_API_TOKEN_READ: READ_TOKEN };
  const byReader = await imhook(["consumers"], { server, env });
  const refused = await imhook(["consumers", "delete", "a"], { server, env });
  const secrets = await imhook(["backup", folder.file("b")], { server, env });

  const codes = [byFile, byReader, refused, secrets].map(({ code }) => code);
  assertEquals(codes, [0, 0, 2, 2]);
});

Deno.test("a wrong token is told, and not printed", async () => {
  await using server = await startApi();
  const env = { IMHOOK_API_TOKEN: "a-secret" };

  const { code, talk } = await imhook(["consumers"], { server, env });

  assertEquals(code, 1);
  assertStringIncludes(talk, "IMHOOK_API_TOKEN is not this server's token");
  assertEquals(talk.includes("a-secret"), false);
});

Deno.test("a server that is not there is told, with what to do", async () => {
  const server = { url: deadUrl() };

  const { code, talk } = await imhook(["consumers"], { server });

  assertEquals(code, 1);
  assertMatch(
    talk,
    /No answer from http:.*: connection refused \(is imhook running\?/,
  );
});

Deno.test("an answer that is not imhook's is told", async () => {
  const page = () => new Response("<html>", { status: 502 });
  const options = { hostname: "127.0.0.1", port: 0, onListen() {} };
  await using other = Deno.serve(options, page);
  const server = { url: `http://127.0.0.1:${other.addr.port}` };

  const { code, talk } = await imhook(["consumers"], { server });

  assertEquals(code, 1);
  assertStringIncludes(talk, "answered 502: this is no answer of imhook");
});
