import { assertEquals, assertMatch } from "@std/assert";
import { imhook, tempFolder } from "../../support/cli/server_fixture.ts";

const line = (seq: number) =>
  `{"event":{"id":"${seq}","journalid":"j"},"raw":"e30="}\n`;

/** A server whose exports break off in the middle of the third line, `breaks` times. */
function startBreaking(
  breaks: number,
): AsyncDisposable & { readonly url: string; readonly asked: string[] } {
  const asked: string[] = [];
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const serving = (async () => {
    for await (const connection of listener) {
      using _connection = connection;
      const bytes = new Uint8Array(4_096);
      const length = await connection.read(bytes) ?? 0;
      const head = new TextDecoder().decode(bytes.subarray(0, length));
      const [, target = ""] = head.split(" ");
      // Past the proxies of the environment it is the absolute form.
      const path = target.replace(/^http:\/\/[^/]+/, "");
      asked.push(path);
      const answer = path.startsWith("/v1/journal")
        ? `HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{"id":"j","first":"1","last":"6"}`
        : exportAnswer(path, breaks-- > 0);
      await connection.write(new TextEncoder().encode(answer));
    }
  })();
  return {
    url: `http://127.0.0.1:${listener.addr.port}`,
    asked,
    async [Symbol.asyncDispose]() {
      listener.close();
      await serving;
    },
  };
}

function exportAnswer(path: string, isBroken: boolean): string {
  const after = Number(new URLSearchParams(path.split("?")[1]).get("after"));
  const all = [1, 2, 3, 4, 5, 6].slice(after).map(line).join("");
  const sent = isBroken ? all.slice(0, line(1).length * 2.5) : all;
  return `HTTP/1.1 200 OK\r\ncontent-length: ${all.length}\r\nconnection: close\r\n\r\n${sent}`;
}

Deno.test("export goes on behind the last whole line when the connection breaks", async () => {
  await using server = startBreaking(2);
  await using folder = await tempFolder();
  const out = folder.file("events.jsonl");

  const { code, talk } = await imhook(["export", "--out", out], { server });

  assertEquals(code, 0, talk);
  const wanted = [1, 2, 3, 4, 5, 6].map(line).join("");
  assertEquals(await Deno.readTextFile(out), wanted);
  assertEquals(server.asked, [
    "/v1/journal",
    "/v1/export?after=0",
    "/v1/export?after=2",
    "/v1/export?after=4",
  ]);
  assertMatch(
    talk,
    /connection closed before the answer was complete.*trying again/,
  );
});
