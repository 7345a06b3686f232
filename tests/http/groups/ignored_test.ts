import { assertEquals } from "@std/assert";
import { ignoredRoutes } from "../../../src/http/groups/ignored.ts";
import { listIgnored } from "../../../src/directory/rows/ignored.ts";
import { NOW_MS } from "../../support/ingest/callback_fixture.ts";
import { openApi } from "../../support/http/api_fixture.ts";

const PATH = "/v1/directory/ignored-senders";

/** An application that counts how often the directory is made anew. */
async function openIgnoring() {
  let rebuilds = 0;
  const rebuild = () => {
    rebuilds++;
  };
  const now = () => NOW_MS;
  const api = await openApi({
    routes: ({ store }) => ignoredRoutes({ store, rebuild, now }),
  });
  return { ...api, rebuilds: () => rebuilds };
}

type Ignoring = Awaited<ReturnType<typeof openIgnoring>>;

function add(api: Ignoring, body: unknown): Promise<Response> {
  return api.get(PATH, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

Deno.test("an ignored sender is kept, listed and removed, each time with a rebuild", async () => {
  await using api = await openIgnoring();
  const added = await add(api, { sender: "203.0.113.0/24", from: 5, to: "9" });
  const range = {
    id: "1",
    sender: "203.0.113.0/24",
    from: "5",
    to: "9",
    addedAt: new Date(NOW_MS).toISOString(),
  };
  assertEquals([added.status, await added.json()], [201, range]);
  const other = await add(api, { sender: "2001:db8::1" });
  await other.body?.cancel();

  const { items } = await (await api.get(PATH)).json();
  assertEquals(items.map(({ id }: { id: string }) => id), ["1", "2"]);
  const gone = await api.get(`${PATH}/1`, { method: "DELETE" });
  const twice = await api.get(`${PATH}/1`, { method: "DELETE" });
  await twice.body?.cancel();

  assertEquals([gone.status, twice.status], [204, 404]);
  assertEquals((await listIgnored(api.store.reader)).length, 1);
  assertEquals(api.rebuilds(), 3);
});

Deno.test.each([
  [{}],
  [{ sender: "nobody" }],
  [{ sender: "10.0.0.0/33" }],
  [{ sender: "10.0.0.1", from: 0 }],
  [{ sender: "10.0.0.1", from: 9, to: 5 }],
  [{ sender: "10.0.0.1", until: 5 }],
])("a range %j is refused, and nothing is rebuilt", async (body) => {
  await using api = await openIgnoring();
  const { status } = await add(api, body);

  assertEquals([status, api.rebuilds()], [400, 0]);
  assertEquals(await listIgnored(api.store.reader), []);
});

Deno.test("more ignored senders than are held against each event are refused", async () => {
  await using api = await openIgnoring();
  for (let n = 0; n < 100; n++) {
    const { status } = await add(api, { sender: `10.0.0.${n}` });
    assertEquals(status, 201);
  }
  const { status } = await add(api, { sender: "10.0.1.0" });

  assertEquals([status, api.rebuilds()], [409, 100]);
});
