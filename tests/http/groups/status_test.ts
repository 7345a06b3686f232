import { assertEquals } from "@std/assert";
import type { DirectoryStatus } from "../../../src/http/groups/source.ts";
import { directoryStatusRoutes } from "../../../src/http/groups/status.ts";
import { assertProblem, openApi } from "../../support/http/api_fixture.ts";
import { memoryDirectory } from "../../support/http/directory_fixture.ts";

const READY: DirectoryStatus = {
  generation: 3,
  through: 40,
  lag: { events: 2, seconds: 1.5 },
  unfolded: {
    total: 1_001,
    newest: [{ seq: 39, reason: "GroupId: expected …", isPart: false }],
  },
};

/** An application that is asked how far its directory is. */
async function openStatus(status: DirectoryStatus = READY) {
  let begun = 0;
  let building: DirectoryStatus["building"] = status.building;
  const directory = memoryDirectory([], {
    status: () => ({ ...status, building }),
  });
  const rebuild = () => {
    begun++;
    building = { through: 0, of: 42 };
  };
  const api = await openApi({
    routes: () => directoryStatusRoutes({ directory, rebuild }),
  });
  return { ...api, begun: () => begun };
}

Deno.test("GET /v1/directory tells generation, place and lag", async () => {
  await using api = await openStatus();

  assertEquals(await (await api.get("/v1/directory")).json(), {
    generation: 3,
    through: "40",
    lag: { events: 2, seconds: 1.5 },
    unfolded: {
      total: 1_001,
      newest: [{ seq: "39", reason: "GroupId: expected …", isPart: false }],
    },
  });
});

Deno.test("GET /v1/directory says why the directory does not go on", async () => {
  await using api = await openStatus({ ...READY, failure: "Error: no" });

  const { failure } = await (await api.get("/v1/directory")).json();
  assertEquals(failure, "Error: no");
});

Deno.test("POST /v1/directory/rebuild begins, and tells how far it is", async () => {
  await using api = await openStatus();
  const begun = await api.get("/v1/directory/rebuild", { method: "POST" });
  const asked = await api.get("/v1/directory");

  assertEquals(begun.status, 202);
  const json = await begun.json();
  assertEquals(json.building, { through: "0", of: "42" });
  assertEquals(await asked.json(), json);
});

Deno.test("POST /v1/directory/rebuild does not begin again while one is going on", async () => {
  await using api = await openStatus();
  for (let n = 0; n < 2; n++) {
    const init = { method: "POST" };
    const response = await api.get("/v1/directory/rebuild", init);
    assertEquals((await response.json()).building, { through: "0", of: "42" });
  }

  assertEquals(api.begun(), 1);
});

Deno.test("POST /v1/directory/rebuild takes nothing but an empty body", async () => {
  await using api = await openStatus();
  const init = { method: "POST", body: '{"force":true}' };
  const response = await api.get("/v1/directory/rebuild", init);

  assertEquals((await assertProblem(response, 400)).parameter, "force");
  const { building } = await (await api.get("/v1/directory")).json();
  assertEquals(building, undefined);
});
