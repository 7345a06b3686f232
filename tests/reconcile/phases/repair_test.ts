import { assert, assertEquals } from "@std/assert";
import { repairBody } from "../../../src/reconcile/phases/repair.ts";
import { BODY_MAX_BYTES } from "../../../src/store/kv/limits.ts";

const REPAIR = {
  app: 1,
  reason: "missing",
  observedAtMs: Date.UTC(2026, 10, 30),
  group: { groupId: "g", type: "Public", name: "Tea", createdAtSec: 1 },
} as const;

function members(count: number, nameCard: string) {
  return Array.from({ length: count }, (_, n) => ({
    userId: `user${n}`,
    role: "",
    joinedAtSec: 1_600_000_000,
    nameCard,
  }));
}

/** The body of an event with these members. */
function bodyOf(list: ReturnType<typeof members> | undefined) {
  const bytes = repairBody({ ...REPAIR, members: list });
  assert(bytes.length <= BODY_MAX_BYTES);
  return JSON.parse(new TextDecoder().decode(bytes));
}

Deno.test("repairBody() says what was found, and when", () => {
  assertEquals(bodyOf(undefined), {
    reason: "missing",
    observedAt: "2026-11-30T00:00:00.000Z",
    group: {
      groupId: "g",
      type: "Public",
      name: "Tea",
      createdAt: "1970-01-01T00:00:01.000Z",
    },
  });
});

Deno.test("repairBody() has all members, with as much as fits one event", () => {
  const one = { userId: "user0", role: "Member" };
  const joinedAt = "2020-09-13T12:26:40.000Z";

  assertEquals(bodyOf(members(1, "c")).members, [
    { ...one, joinedAt, nameCard: "c" },
  ]);
  const many = bodyOf(members(5_000, "c".repeat(500)));
  assertEquals(many.members.length, 5_000);
  assertEquals(many.members[0], one);
  assertEquals("members" in bodyOf(members(50_000, "c")), false);
});
