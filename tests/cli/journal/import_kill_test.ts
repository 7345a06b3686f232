import { assertEquals } from "@std/assert";
import { startChild } from "../../support/server/child.ts";
import {
  environmentOf,
  type Server,
  startServer,
} from "../../support/server/server.ts";
import { until } from "../../support/until.ts";
import {
  imhook,
  lineContents,
  startApi,
  tempFolder,
} from "../../support/cli/server_fixture.ts";

const EVENTS = 12_000;

function startImport(server: Server, path: string) {
  const token = environmentOf("").IMHOOK_API_TOKEN ?? "";
  return startChild(["import", path, "--url", server.origin], {
    env: { IMHOOK_API_TOKEN: token },
  });
}

/** Waits until some of it is there, but not all. */
async function untilSomeAre(server: Server, count: number): Promise<void> {
  await until("an import is on its way", async () => {
    const { last } = await (await server.get("/v1/journal")).json();
    return Number(last) > count ? true : undefined;
  });
}

Deno.test("import killed on either side and repeated adds nothing twice", async () => {
  await using folder = await tempFolder();
  const path = folder.file("events.jsonl");
  await using source = await startApi();
  for (let count = 0; count < EVENTS; count += 1_000) {
    await source.append(1_000);
  }
  await imhook(["export", "--out", path], { server: source });
  {
    await using server = await startServer({ folder: folder.file(".") });
    await using client = startImport(server, path);
    await untilSomeAre(server, 600);
    client.kill("SIGKILL");
    await client.ended();
  }
  {
    await using server = await startServer({ folder: folder.file(".") });
    await using _client = startImport(server, path);
    await untilSomeAre(server, 4_000);
    server.child.kill("SIGKILL");
    await server.child.ended();
    _client.kill("SIGKILL");
  }
  await using server = await startServer({ folder: folder.file(".") });
  await using client = startImport(server, path);

  assertEquals((await client.ended()).code, 0, client.stderr);

  const exported = await server.get("/v1/export");
  const lines = (await exported.text()).trimEnd().split("\n");
  const wanted = (await Deno.readTextFile(path)).trimEnd().split("\n");
  assertEquals(lines.length, EVENTS);
  assertEquals(lineContents(lines), lineContents(wanted));
});
