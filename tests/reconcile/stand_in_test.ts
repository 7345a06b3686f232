import { assertEquals, assertThrows } from "@std/assert";
import { StandIn } from "../../src/reconcile/stand_in.ts";
import type { StandInCallback } from "../../src/reconcile/stand_in/groups.ts";

const SERVICE = "group_open_http_svc";
const GROUP = { Type: "Public", Name: "Tea", GroupId: "a" };

/** A stand-in that keeps the callbacks that it sends. */
function openKept(lostShare: number) {
  const kept: StandInCallback[] = [];
  const standIn = new StandIn({
    lostShare,
    random: () => 0.5,
    deliver: (callback) => Promise.resolve(void kept.push(callback)),
  });
  return { standIn, kept };
}

Deno.test("StandIn tells of what it does by callbacks, but not of imports", async () => {
  const { standIn, kept } = openKept(0);

  standIn.call(`${SERVICE}/create_group`, GROUP);
  standIn.call(`${SERVICE}/import_group`, { ...GROUP, GroupId: "b" });
  standIn.call(`${SERVICE}/modify_group_base_info`, {
    GroupId: "a",
    Name: "x",
  });
  standIn.call(`${SERVICE}/destroy_group`, { GroupId: "a" });
  await standIn.settled();

  assertEquals(kept.map(({ command }) => command), [
    "Group.CallbackAfterCreateGroup",
    "Group.CallbackAfterGroupInfoChanged",
    "Group.CallbackAfterGroupDestroyed",
  ]);
});

Deno.test("StandIn loses the share of callbacks that it is told", async () => {
  const { standIn, kept } = openKept(0.6);

  standIn.call(`${SERVICE}/create_group`, GROUP);
  await standIn.settled();

  assertEquals(kept, []);
});

Deno.test("StandIn sends callbacks to this machine alone", () => {
  const callbackUrl = new URL("http://chat.example.com/");

  assertThrows(() => new StandIn({ callbackUrl }), TypeError, "this machine");
});

Deno.test("StandIn answers no page that reaches it under another name", async () => {
  const { standIn } = openKept(0);
  const asked = new Request("http://evil.example.com/v4/x", { method: "POST" });

  assertEquals((await standIn.handle(asked)).status, 421);
});
