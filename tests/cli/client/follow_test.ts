import { assertEquals, assertRejects } from "@std/assert";
import { openClient } from "../../../src/cli/client/client.ts";
import { follow, type FollowOptions } from "../../../src/cli/client/follow.ts";
import {
  startApi,
  tempFolder,
  type TestServer,
  TOKEN,
} from "../../support/cli/server_fixture.ts";

/** A follower that runs until it has seen `until`, and what it has seen. */
function startFollowing(
  { url }: Pick<TestServer, "url">,
  { until, ...options }:
    & { readonly until: string }
    & Partial<FollowOptions>,
): {
  readonly seen: string[];
  readonly begun: Promise<void>;
  readonly ended: Promise<void>;
} {
  const stop = new AbortController();
  const seen: string[] = [];
  const first = Promise.withResolvers<void>();
  const ended = follow({
    client: openClient({ url, env: { IMHOOK_API_TOKEN: TOKEN } }),
    after: "first",
    query: {},
    signal: stop.signal,
    talk: () => {},
    onEvent: (event) => {
      const { id } = JSON.parse(event);
      seen.push(id);
      first.resolve();
      if (id === until) stop.abort();
    },
    ...options,
  });
  return { seen, begun: first.promise, ended };
}

const upTo = (last: number) =>
  Array.from({ length: last }, (_, index) => String(index + 1));

Deno.test("follow() gives what was there and what comes, each once", async () => {
  await using server = await startApi();
  await server.append(120);
  const { seen, ended } = startFollowing(server, { until: "125" });
  await server.append(5);

  await ended;

  assertEquals(seen, upTo(125));
});

Deno.test("follow() begins where it is told to, and gives only what is asked for", async () => {
  await using server = await startApi();
  await server.append(3);
  await server.append(1, { command: "State.StateChange" });
  await server.append(2);

  const behind = startFollowing(server, { until: "6", after: 2 });
  const some = startFollowing(server, {
    until: "6",
    query: { command: "Group.*" },
  });
  await Promise.all([behind.ended, some.ended]);

  assertEquals(behind.seen, ["3", "4", "5", "6"]);
  assertEquals(some.seen, ["1", "2", "3", "5", "6"]);
});

Deno.test("follow() sees each event once across restarts of the server", async () => {
  await using folder = await tempFolder();
  const path = folder.file("imhook.kv");
  let server = await startApi({ path });
  const { port } = server;
  await server.append(10);
  const { seen, begun, ended } = startFollowing(server, { until: "60" });
  await begun;
  for (let restart = 0; restart < 3; restart++) {
    await server[Symbol.asyncDispose]();
    server = await startApi({ path, port });
    await server.append(10);
  }
  await server[Symbol.asyncDispose]();
  await using _last = await startApi({ path, port });
  await _last.append(20);

  await ended;

  assertEquals(seen, upTo(60));
});

Deno.test("follow() hands over the text as it was kept", async () => {
  await using server = await startApi();
  await server.append(1);
  const events: string[] = [];
  const stop = new AbortController();

  const { ended } = startFollowing(server, {
    until: "1",
    signal: stop.signal,
    onEvent: (event) => {
      events.push(event);
      stop.abort();
    },
  });
  await ended;

  assertEquals(events[0]?.includes('"Id": 9007199254740993'), true);
});

Deno.test("follow() fails at once where no server is", async () => {
  const { ended } = startFollowing({ url: "http://127.0.0.1:9" }, {
    until: "1",
  });

  await assertRejects(() => ended, Error, "No answer from http://127.0.0.1:9");
});

Deno.test("follow() fails when what it wants is beyond the journal's end", async () => {
  await using server = await startApi();
  await server.append(3);
  const { ended } = startFollowing(server, { until: "1", after: 9 });

  await assertRejects(
    () => ended,
    Error,
    "answered 409: after: journal ",
  );
});

Deno.test("follow() fails when another journal answers", async () => {
  const first = await startApi();
  await first.append(1);
  const told = Promise.withResolvers<void>();
  const { begun, ended } = startFollowing(first, {
    until: "9",
    talk: () => told.resolve(),
  });
  const { port } = first;
  const failed = assertRejects(() => ended, Error, "Another journal answers");
  await begun;
  await first[Symbol.asyncDispose]();
  await told.promise;
  await using _second = await startApi({ port });

  await failed;
});
