import { assertEquals } from "@std/assert";
import { openAll } from "../../support/http/all_routes.ts";

const URL_TEXT = "https://app.example/tencent";
const REFUSE = { ActionStatus: "OK", ErrorInfo: "", ErrorCode: 1 };
const FRIENDS = "Sns.CallbackPrevFriendAdd";

async function create(body: unknown) {
  await using api = await openAll();
  const init = { method: "POST", body: JSON.stringify(body) };
  const response = await api.get("/v1/deciders", init);
  const { status } = response;
  return { status, json: await response.json() };
}

Deno.test.each<[unknown, string]>([
  [{ name: "a" }, "url"],
  [{ name: "a", url: URL_TEXT, answer: REFUSE }, "url"],
  [{ name: "a b", url: URL_TEXT }, "name"],
  [{ name: "a", url: URL_TEXT, timeoutMs: 99 }, "timeoutMs"],
  [{ name: "a", url: URL_TEXT, timeoutMs: 1_201 }, "timeoutMs"],
  [{ name: "a", url: URL_TEXT, onFailure: "drop" }, "onFailure"],
  [{ name: "a", url: "http://app.example/" }, "url"],
  [{ name: "a", url: "https://10.0.0.1/" }, "url"],
  [{ name: "a", url: "https://169.254.169.254/" }, "url"],
  [
    { name: "a", url: URL_TEXT, commands: ["Group.CallbackAfterSendMsg"] },
    "commands",
  ],
  [{ name: "a", url: URL_TEXT, families: ["Group", "State"] }, "families"],
  [{ name: "a", url: URL_TEXT, families: ["group"] }, "families"],
  [{ name: "a", answer: { ErrorCode: 1 } }, "answer"],
  [{ name: "a", commands: [FRIENDS], answer: REFUSE }, "answer"],
  [
    { name: "a", families: ["Group"], answer: { ...REFUSE, ErrorCode: 2 } },
    "answer",
  ],
])("POST /v1/deciders of %j is a 400 about %s", async (body, parameter) => {
  const { status, json } = await create(body);

  assertEquals([status, json.parameter], [400, parameter]);
});

Deno.test("POST /v1/deciders shows no token and no header value", async () => {
  const { status, json } = await create({
    name: "gate",
    url: URL_TEXT,
    token: "a-secret-token",
    headers: { authorization: "Bearer hidden" },
    signWithAppToken: true,
  });

  assertEquals(status, 201);
  assertEquals([json.hasToken, json.headers], [true, ["authorization"]]);
  assertEquals(/a-secret-token|hidden/.test(JSON.stringify(json)), false);
  assertEquals(/forge callbacks/.test(json.warnings.join()), true);
});

Deno.test("PATCH of a decider to another host drops its secrets", async () => {
  await using api = await openAll();
  const send = async (method: string, path: string, body: unknown) => {
    const init = { method, body: JSON.stringify(body) };
    return await (await api.get(path, init)).json();
  };
  const headers = { authorization: "Bearer hidden" };
  const token = "a-secret-token";
  await send("POST", "/v1/deciders", {
    name: "a",
    url: URL_TEXT,
    headers,
    token,
  });
  const same = await send("PATCH", "/v1/deciders/a", { url: `${URL_TEXT}/2` });
  const url = "https://other.example/";
  const other = await send("PATCH", "/v1/deciders/a", { url });

  assertEquals([same.hasToken, same.headers], [true, ["authorization"]]);
  assertEquals([other.hasToken, other.headers], [false, []]);
});

Deno.test("PATCH of a decider to a fixed answer drops the secrets of its URL", async () => {
  await using api = await openAll();
  const send = async (method: string, path: string, body: unknown) => {
    const init = { method, body: JSON.stringify(body) };
    return await (await api.get(path, init)).json();
  };
  await send("POST", "/v1/deciders", {
    name: "a",
    url: URL_TEXT,
    headers: { authorization: "Bearer hidden" },
    token: "a-secret-token",
    signWithAppToken: true,
  });
  await send("PATCH", "/v1/deciders/a", {
    answer: { ...REFUSE, ErrorCode: 0 },
    commands: ["Group.CallbackBeforeCreateGroup"],
  });
  const url = "https://other.example/";
  const other = await send("PATCH", "/v1/deciders/a", { url });

  assertEquals(
    [other.url, other.hasToken, other.headers, other.signWithAppToken],
    [url, false, [], false],
  );
});

Deno.test("a decider that clashes is a 409 that names the other", async () => {
  await using api = await openAll();
  const post = (body: unknown) =>
    api.get("/v1/deciders", { method: "POST", body: JSON.stringify(body) });
  await (await post({ name: "a", url: URL_TEXT })).body?.cancel();
  const response = await post({
    name: "b",
    families: ["Group"],
    url: URL_TEXT,
  });
  const { decider, detail } = await response.json();

  assertEquals([response.status, decider], [409, "a"]);
  assertEquals(/"a" answers [A-Z]\S+ already/.test(detail), true);
});
