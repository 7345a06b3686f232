import { assertEquals, assertStringIncludes } from "@std/assert";
import { directoryStatusRoutes } from "../../../src/http/groups/status.ts";
import {
  imhook,
  READ_TOKEN,
  startApi,
} from "../../support/cli/server_fixture.ts";

/** A server whose rebuild is done when it has been asked so often. */
async function startRebuild(looks: number) {
  let left = 0;
  let begun = 0;
  const projector = {
    get status() {
      const building = left-- > 0 ? { through: 1 } : undefined;
      return { generation: 1, through: 42, last: 42, building };
    },
  };
  const rebuild = () => {
    left = looks;
    begun++;
  };
  const server = await startApi({
    routes: (store) => directoryStatusRoutes({ store, projector, rebuild }),
  });
  return { ...server, begun: () => begun, looksLeft: () => left };
}

Deno.test("rebuild begins one, and waits until it is done", async () => {
  await using server = await startRebuild(2);
  const { code, out, talk } = await imhook(["rebuild"], { server });

  assertEquals([code, out], [0, []]);
  assertEquals(talk, "The directory is new, up to event 42");
  assertEquals([server.begun(), server.looksLeft()], [1, -1]);
});

Deno.test("rebuild --no-wait does not wait", async () => {
  await using server = await startRebuild(1_000);
  const { code, talk } = await imhook(["rebuild", "--no-wait"], { server });

  assertEquals([code, server.begun()], [0, 1]);
  assertEquals(talk, "The directory is being made anew");
});

Deno.test("rebuild is not for a token that may only read", async () => {
  await using server = await startRebuild(0);
  const env = { IMHOOK_API_TOKEN: READ_TOKEN };
  const { code, talk } = await imhook(["rebuild"], { server, env });

  assertEquals([code, server.begun()], [1, 0]);
  assertStringIncludes(talk, "this token may only read");
});
