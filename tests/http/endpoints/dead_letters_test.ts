import { assertEquals } from "@std/assert";
import { createEndpoint } from "../../../src/delivery/endpoint/endpoints.ts";
import { deadLetterKey } from "../../../src/delivery/endpoint/keys.ts";
import { endpointOf } from "../../support/delivery/delivery_fixture.ts";
import { assertProblem } from "../../support/http/api_fixture.ts";
import {
  appendGroups,
  type EndpointApi,
  openEndpoints,
} from "../../support/http/endpoints_fixture.ts";
import { NOW_MS } from "../../support/ingest/callback_fixture.ts";

const PATH = "/v1/endpoints/e1/dead-letters";

/** The API with dead letters 1, 2, …, every third of them a timeout. */
async function openLetters(count: number): Promise<EndpointApi> {
  const api = await openEndpoints();
  await appendGroups(api, count);
  await createEndpoint(api.store.side, endpointOf());
  for (let seq = 1; seq <= count; seq++) {
    const cause = seq % 3 === 0 ? "timeout" : "status 500";
    const letter = { atMs: NOW_MS, cause, failures: 2 };
    await api.store.side.atomic().set(deadLetterKey("e1", seq), letter)
      .commit();
  }
  return api;
}

async function lettersOf(
  api: EndpointApi,
  query = "",
): Promise<{ readonly events: string[]; readonly causes: unknown }> {
  const { items, causes } = await (await api.get(`${PATH}${query}`)).json();
  return { events: items.map(({ event }: { event: string }) => event), causes };
}

Deno.test("GET …/dead-letters lists those of one cause, and counts all", async () => {
  await using api = await openLetters(6);

  assertEquals(await lettersOf(api, "?cause=timeout"), {
    events: ["3", "6"],
    causes: { "status 500": 4, timeout: 2 },
  });
});

Deno.test("DELETE …/dead-letters/{seq} forgets one, once", async () => {
  await using api = await openLetters(3);
  const first = await api.get(`${PATH}/2`, { method: "DELETE" });
  const again = await api.get(`${PATH}/2`, { method: "DELETE" });

  assertEquals(first.status, 204);
  await assertProblem(again, 404);
  assertEquals((await lettersOf(api)).events, ["1", "3"]);
});

Deno.test.each<[string, number, string[]]>([
  ["", 130, []],
  ["?cause=status%20500", 87, ["3", "6", "9"]],
  ["?cause=dns", 0, ["1", "2", "3"]],
])(
  "DELETE …/dead-letters%s forgets %s of 130",
  async (query, deleted, left) => {
    await using api = await openLetters(130);
    const answer = await api.get(`${PATH}${query}`, { method: "DELETE" });

    assertEquals(await answer.json(), { deleted });
    assertEquals((await lettersOf(api)).events.slice(0, 3), left);
  },
);

Deno.test.each(["/v1/endpoints/e9/dead-letters", `${PATH}/0`])(
  "DELETE %s is refused",
  async (path) => {
    await using api = await openLetters(1);
    const answer = await api.get(path, { method: "DELETE" });

    await assertProblem(answer, path.includes("e9") ? 404 : 400);
  },
);

Deno.test("GET …/dead-letters gives pages until there is no next", async () => {
  await using api = await openLetters(3);
  const first = await (await api.get(`${PATH}?limit=2`)).json();
  const path = `${PATH}?limit=2&cursor=${first.next}`;
  const rest = await (await api.get(path)).json();
  const events = [...first.items, ...rest.items].map(({ event }) => event);

  assertEquals(events, ["1", "2", "3"]);
  assertEquals("next" in rest, false);
});
