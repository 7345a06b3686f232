import { assertEquals } from "@std/assert";
import type { ProjectorStatus } from "../../../src/http/groups/status.ts";
import { CREATED } from "../../support/ingest/callback_fixture.ts";
import { assertProblem } from "../../support/http/api_fixture.ts";
import { openGroups } from "../../support/http/directory_fixture.ts";

const READY: ProjectorStatus = { generation: 3, through: 1, last: 42 };

/** An application that is asked how far its directory is; it lacks two events of three. */
async function openStatus(status: ProjectorStatus = READY) {
  let begun = 0;
  const projector = { status };
  const rebuild = () => {
    begun++;
    projector.status = { ...status, building: { through: 0 } };
  };
  const api = await openGroups({ projector, rebuild });
  await api.tell(CREATED, { GroupId: "x".repeat(600) });
  for (const GroupId of ["a", "b"]) await api.tell(CREATED, { GroupId });
  return { ...api, begun: () => begun };
}

Deno.test("GET /v1/directory tells generation, place and lag", async () => {
  await using api = await openStatus();
  const reason = "GroupId: expected at most 512 bytes";

  assertEquals(await (await api.get("/v1/directory")).json(), {
    generation: 3,
    through: "1",
    lag: { events: 2, seconds: 0 },
    unfolded: { total: 1, newest: [{ seq: "1", reason, isPart: false }] },
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
