import { assertEquals, assertStringIncludes } from "@std/assert";
import { IMPORT_MAX_BYTES } from "../../../src/http/journal/import.ts";
import {
  READ_TOKEN,
  startApi,
  type TestServer,
} from "../../support/cli/server_fixture.ts";
import { assertProblem } from "../../support/http/api_fixture.ts";

const post = (server: TestServer, body: BodyInit) =>
  server.ask("/v1/import", { method: "POST", body });

/** The export of a server with this many events. */
async function linesOf(count: number): Promise<string[]> {
  await using source = await startApi();
  await source.append(count);
  const text = await (await source.ask("/v1/export")).text();
  return text.trimEnd().split("\n");
}

Deno.test("GET /v1/journal tells the id and the numbers", async () => {
  await using server = await startApi();
  const empty = await (await server.ask("/v1/journal")).json();
  await server.append(3);
  const full = await (await server.ask("/v1/journal")).json();

  const { id } = server.store.identity;
  assertEquals(empty, { id, first: "1", last: "0" });
  assertEquals(full, { id, first: "1", last: "3" });
});

Deno.test("GET /v1/export gives nothing for an empty journal", async () => {
  await using server = await startApi();
  const response = await server.ask("/v1/export");

  assertEquals(
    [
      response.status,
      response.headers.get("content-type"),
      await response.text(),
    ],
    [200, "application/jsonl", ""],
  );
});

Deno.test("GET /v1/export ends at the end that the journal had", async () => {
  await using server = await startApi();
  await server.append(450);
  const response = await server.ask("/v1/export");
  await server.append(450);

  const lines = (await response.text()).trimEnd().split("\n");

  assertEquals(lines.length < 900, true);
  assertEquals(lines.length >= 450, true);
});

Deno.test.each([
  ["?after=9", 409],
  ["?from=soon", 400],
  ["?limit=5", 400],
])("GET /v1/export%s is refused", async (query, status) => {
  await using server = await startApi();
  await server.append(3);

  await assertProblem(await server.ask(`/v1/export${query}`), status);
});

Deno.test("GET /v1/export lets its reader leave", async () => {
  await using server = await startApi();
  await server.append(1_000);
  const response = await server.ask("/v1/export");

  await response.body?.cancel();

  await assertNothingHeld(server);
});

/** The next answer comes: no reader is held. */
async function assertNothingHeld(server: TestServer): Promise<void> {
  const response = await server.ask("/v1/export?after=1000");
  assertEquals([response.status, await response.text()], [200, ""]);
}

Deno.test("POST /v1/import tells what it added and what it knew", async () => {
  await using server = await startApi();
  const lines = await linesOf(5);

  const first = await (await post(server, lines.slice(0, 3).join("\n"))).json();
  const all = await (await post(server, `${lines.join("\r\n")}\n\n`)).json();

  assertEquals(first, { added: 3, known: 0, renumbered: false });
  assertEquals(all, { added: 2, known: 3, renumbered: false });
});

Deno.test("POST /v1/import takes a line that comes twice once", async () => {
  await using server = await startApi();
  const [line = ""] = await linesOf(1);

  const answer = await (await post(server, `${line}\n${line}\n`)).json();

  assertEquals(answer, { added: 1, known: 1, renumbered: false });
});

Deno.test("POST /v1/import of nothing adds nothing", async () => {
  await using server = await startApi();

  const answer = await (await post(server, "\n")).json();

  assertEquals(answer, { added: 0, known: 0, renumbered: false });
});

Deno.test("POST /v1/import names the line that is wrong and keeps none", async () => {
  await using server = await startApi();
  const [first = "", second = ""] = await linesOf(2);
  const bad = second.replace('"id":"2"', '"id":"zwei"');

  const problem = await assertProblem(
    await post(server, `${first}\n\n${bad}`),
    400,
  );

  assertEquals(problem.line, 3);
  assertStringIncludes(String(problem.detail), "Line 3: event.id: expected");
  assertEquals(server.store.writer.head.journal, 0);
});

Deno.test("POST /v1/import takes 500 lines and no more", async () => {
  await using server = await startApi();
  const lines = await linesOf(501);

  const problem = await assertProblem(
    await post(server, lines.join("\n")),
    400,
  );
  const enough = await post(server, lines.slice(0, 500).join("\n"));

  assertEquals([problem.line, (await enough.json()).added], [501, 500]);
});

Deno.test("POST /v1/import takes 8 MiB and no more", async () => {
  await using server = await startApi();
  const blank = new Uint8Array(IMPORT_MAX_BYTES).fill(0x0a);
  const tooMuch = new Uint8Array(IMPORT_MAX_BYTES + 1).fill(0x0a);

  assertEquals((await (await post(server, blank)).json()).added, 0);
  await assertProblem(await post(server, tooMuch), 413);
});

Deno.test("POST /v1/import takes one request at a time", async () => {
  await using server = await startApi();
  const lines = await linesOf(500);

  const answers = await Promise.all(
    Array.from({ length: 8 }, () => post(server, lines.join("\n"))),
  );

  const refused = answers.filter(({ status }) => status === 429);
  for (const response of refused) {
    assertEquals(response.headers.get("retry-after"), "1");
  }
  const added = await Promise.all(
    answers.map(async (response) => (await response.json()).added ?? 0),
  );
  assertEquals(added.reduce((sum, count) => sum + count, 0), 500);
  assertEquals(server.store.writer.head.journal, 500);
});

Deno.test("POST /v1/import gives numbers that the API can go on with", async () => {
  await using server = await startApi();
  const [line = ""] = await linesOf(1);
  const far = line.replace('"id":"1"', '"id":"999999999999999"');

  const answer = await (await post(server, far)).json();
  await server.append(1);
  const { next } = await (await server.ask("/v1/events")).json();

  assertEquals(answer, { added: 1, known: 0, renumbered: true });
  const behind = await server.ask(`/v1/events?after=${next}`);
  assertEquals([behind.status, (await behind.json()).next], [200, next]);
});

Deno.test("POST /v1/import says 503 when the queue has no room", async () => {
  await using server = await startApi({ writer: { maxItems: 100 } });
  const lines = await linesOf(200);

  const response = await post(server, lines.join("\n"));

  assertEquals(response.headers.get("retry-after"), "1");
  await assertProblem(response, 503);
  assertEquals(server.store.writer.head.journal, 0);
});

Deno.test.each(["GET", "HEAD"])(
  "%s /v1/backup is not for a token that may only read: the copy holds secrets",
  async (method) => {
    await using server = await startApi();
    const headers = { authorization: `Bearer ${READ_TOKEN}` };
    const url = `${server.url}/v1/backup`;

    const response = await fetch(url, { method, headers });

    assertEquals(response.status, 403);
    await response.body?.cancel();
  },
);

Deno.test("GET /v1/backup by HEAD copies nothing", async () => {
  await using server = await startApi();
  const response = await server.ask("/v1/backup", { method: "HEAD" });

  assertEquals(response.status, 200);
  assertStringIncludes(
    response.headers.get("content-disposition") ?? "",
    "attachment",
  );
});
