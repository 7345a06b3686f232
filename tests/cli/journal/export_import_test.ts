import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { until } from "../../support/until.ts";
import {
  imhook,
  lineContents,
  startApi,
  tempFolder,
} from "../../support/cli/server_fixture.ts";

Deno.test("export → import into an empty server gives the same journal", async () => {
  await using source = await startApi();
  await using target = await startApi();
  await using folder = await tempFolder();
  await source.append(700, { clientIp: "203.0.113.9", platform: "iOS" });
  await source.append(3, { eventTimeMs: undefined, revalidated: true });
  const out = folder.file("events.jsonl");

  assertEquals(
    (await imhook(["export", "--out", out], { server: source })).code,
    0,
  );
  const imported = await imhook(["import", out], { server: target });

  assertEquals([imported.code, imported.talk], [
    0,
    "Imported 703 events; 0 were here already",
  ]);
  const before = await imhook(["export"], { server: source });
  const after = await imhook(["export"], { server: target });
  assertEquals(lineContents(after.out), lineContents(before.out));
  assertEquals(after.out.length, 703);
});

Deno.test("import keeps the bytes as they were received", async () => {
  await using source = await startApi();
  await using target = await startApi();
  await using folder = await tempFolder();
  await source.append(1);
  const out = folder.file("events.jsonl");

  await imhook(["export", "--out", out], { server: source });
  await imhook(["import", out], { server: target });

  const [before, after] = await Promise.all(
    [source, target].map(async ({ ask }) =>
      await (await ask("/v1/events/1/raw")).text()
    ),
  );
  assertEquals(after, before);
  assertStringIncludes(after ?? "", '\n  "Id": 9007199254740993\n');
});

Deno.test.each([
  ["nested deeply", `{"d":${"[".repeat(600)}${"]".repeat(600)}}`],
  ["with half an emoji", '{"Name":"\\ud83d","GroupId":"g"}'],
  ["as large as they may be", `{"Name":"${"x".repeat(786_400)}"}`],
  ["large and nested", `{"d":${"[".repeat(393_000)}${"]".repeat(393_000)}}`],
])("export → import takes bodies %s as they were", async (_, body) => {
  await using source = await startApi();
  await using target = await startApi();
  await using folder = await tempFolder();
  const out = folder.file("events.jsonl");
  await source.append(1);
  await source.appendBody(body);
  await imhook(["export", "--out", out], { server: source });

  const { code, talk } = await imhook(["import", out], { server: target });

  assertEquals([code, talk], [0, "Imported 2 events; 0 were here already"]);
  const [before, after] = await Promise.all(
    [source, target].map(async (server) =>
      lineContents((await imhook(["export"], { server })).out).join("\n")
    ),
  );
  assert(after === before, "The journals differ");
});

Deno.test("import adds nothing when it is run again", async () => {
  await using source = await startApi();
  await using target = await startApi();
  await using folder = await tempFolder();
  const out = folder.file("events.jsonl");
  await source.append(600);
  await imhook(["export", "--out", out], { server: source });
  await imhook(["import", out], { server: target });
  await source.append(5);
  await imhook(["export", "--out", out], { server: source });

  const again = await imhook(["import", out], { server: target });

  assertEquals(again.talk, "Imported 5 events; 600 were here already");
  assertEquals(target.store.writer.head.journal, 605);
});

Deno.test("import lets an empty journal begin where the other one does", async () => {
  await using source = await startApi();
  await using target = await startApi();
  await using folder = await tempFolder();
  const out = folder.file("events.jsonl");
  await source.append(40);
  await imhook(["export", "--after", "30", "--out", out], { server: source });

  const { talk } = await imhook(["import", out], { server: target });

  assertEquals(talk, "Imported 10 events; 0 were here already");
  const { first, last } = await (await target.ask("/v1/journal")).json();
  assertEquals([first, last], ["31", "40"]);
});

Deno.test("import lets those who waited at an empty journal go on", async () => {
  await using source = await startApi();
  await using target = await startApi();
  await using folder = await tempFolder();
  const out = folder.file("events.jsonl");
  await source.append(40);
  await imhook(["export", "--after", "30", "--out", out], { server: source });
  await imhook(["consumers", "create", "a", "--start", "first"], {
    server: target,
  });
  const paths = [
    "/v1/events?after=0&wait=30",
    "/v1/consumers/a/events?wait=30",
  ];
  const waiting = paths.map(async (path) =>
    (await (await target.ask(path)).json()).items[0]?.id
  );
  await until("both wait", () => target.store.tail.waiting === 2 || undefined);

  await imhook(["import", out], { server: target });

  assertEquals(await Promise.all(waiting), ["31", "31"]);
});

Deno.test("import into a journal that holds something gives new numbers, and says so", async () => {
  await using source = await startApi();
  await using target = await startApi();
  await using folder = await tempFolder();
  const out = folder.file("events.jsonl");
  await source.append(3);
  await target.append(2, { command: "State.StateChange" });
  await imhook(["export", "--out", out], { server: source });

  const { talk } = await imhook(["import", out], { server: target });

  assertMatch(talk, /Imported 3 events.*numbers of their own here/);
  const { out: lines } = await imhook(["export"], { server: target });
  assertEquals(
    lines.map((line) => JSON.parse(line).event.subject),
    ["g1", "g2", "g1", "g2", "g3"],
  );
});

Deno.test("import names the file's line that is wrong, and keeps nothing of its chunk", async () => {
  await using source = await startApi();
  await using target = await startApi();
  await using folder = await tempFolder();
  await source.append(502);
  const { out } = await imhook(["export"], { server: source });
  const path = folder.file("bad.jsonl");
  await Deno.writeTextFile(
    path,
    `\n${out.slice(0, 501).join("\n")}\n{"event":1}`,
  );

  const { code, talk } = await imhook(["import", path], { server: target });

  assertEquals(code, 1);
  assertStringIncludes(talk, `${path} line 503: event: expected`);
  assertStringIncludes(talk, "Imported 500 events");
  assertEquals(target.store.writer.head.journal, 500);
});

Deno.test("import refuses a journal's own events", async () => {
  await using server = await startApi();
  await using folder = await tempFolder();
  const out = folder.file("events.jsonl");
  await server.append(3);
  await imhook(["export", "--out", out], { server });

  const { code, talk } = await imhook(["import", out], { server });

  assertEquals([code, server.store.writer.head.journal], [1, 3]);
  assertStringIncludes(talk, "this journal's own");
});

Deno.test("export gives only what is asked for", async () => {
  await using server = await startApi();
  await server.append(48);
  const from = "2026-11-23T08:00:00Z";
  const args = ["export", "--from", from, "--to", "2026-11-23T10:00:00Z"];

  const { out } = await imhook(args, { server });
  const { out: one } = await imhook(["export", "--group", "g7"], { server });

  assertEquals(out.map((line) => JSON.parse(line).event.id), ["24", "25"]);
  assertEquals(one.map((line) => JSON.parse(line).event.id), ["7"]);
});

Deno.test("export continues a file behind its last whole line", async () => {
  await using server = await startApi();
  await using folder = await tempFolder();
  const out = folder.file("events.jsonl");
  await server.append(300);
  await imhook(["export", "--out", out], { server });
  const whole = await Deno.readTextFile(out);
  await Deno.truncate(out, whole.length - 200);
  await server.append(1);

  const { talk } = await imhook(["export", "--out", out], { server });

  assertMatch(talk, /^Continuing .* behind event 299, a torn line dropped\n/);
  const text = await Deno.readTextFile(out);
  assertEquals(text.startsWith(whole), true);
  assertEquals(text.split("\n").length, 302);
});

Deno.test("export does not continue a file of another journal", async () => {
  await using one = await startApi();
  await using other = await startApi();
  await using folder = await tempFolder();
  const out = folder.file("events.jsonl");
  await one.append(2);
  await imhook(["export", "--out", out], { server: one });
  const before = await Deno.readTextFile(out);

  const { code, talk } = await imhook(["export", "--out", out], {
    server: other,
  });

  assertEquals(code, 1);
  assertMatch(talk, /it holds journal .*, and the server has /);
  assertEquals(await Deno.readTextFile(out), before);
});

Deno.test.each([
  "a text\n",
  "a text without a line break",
  '{"event":{}}\n',
])("export leaves alone a file that holds %j", async (text) => {
  await using server = await startApi();
  await using folder = await tempFolder();
  const out = folder.file("notes.txt");
  await Deno.writeTextFile(out, text);

  const { code, talk } = await imhook(["export", "--out", out], { server });

  assertEquals([code, await Deno.readTextFile(out)], [1, text]);
  assertStringIncludes(talk, "no export of events");
});
