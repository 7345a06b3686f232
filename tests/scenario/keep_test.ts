import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { assertAck } from "../support/server/ack.ts";
import { bodyOf } from "../support/server/callback.ts";
import { startServer } from "../support/server/server.ts";

const CREATED = "Group.CallbackAfterCreateGroup";
const MESSAGE = "Group.CallbackAfterSendMsg";

Deno.test("serve keeps of each command what IMHOOK_KEEP says", async () => {
  await using server = await startServer({
    env: { IMHOOK_KEEP: "C2C.*=none, *.CallbackAfterSendMsg=meta, *=none" },
  });
  const send = async (command: string, fields: Record<string, unknown>) => {
    const body = bodyOf({ CallbackCommand: command, ...fields });
    await assertAck(await server.send({ command, body }), { code: 0 });
  };
  await send("C2C.CallbackAfterSendMsg", { From_Account: "a" });
  await send(MESSAGE, { GroupId: "@g", Text: "secret words" });
  await send(CREATED, { GroupId: "@g", Name: "Kept" });

  const [message, created, ...rest] = await server.events();
  assertEquals(rest, []);
  assertEquals(
    [message?.type, message?.subject, message?.data],
    [MESSAGE, "@g", undefined],
  );
  assertEquals(created?.data.Name, "Kept");
  const raw = await assertRejects(() => server.get("/v1/events/1/raw"));
  assertMatch(String(raw), /"status":410.*IMHOOK_KEEP/);
  const metrics = await (await server.get("/metrics")).text();
  assertMatch(metrics, /outcome="unkept"\} 1/);
});

Deno.test("serve refuses to take away what the directory is made from", async () => {
  await using server = await startServer({
    env: { IMHOOK_KEEP: `${CREATED}=7d` },
  }).catch((error) => {
    assertMatch(String(error), /IMHOOK_KEEP: the directory of groups/);
    return { [Symbol.asyncDispose]: () => Promise.resolve() };
  });
  assertEquals("child" in server, false);
});
