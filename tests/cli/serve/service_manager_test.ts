import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { openServiceManager } from "../../../src/cli/serve/service_manager.ts";
import { Clock } from "../../support/clock_fixture.ts";

/** A stand-in for systemd's socket, and what it has been told. */
async function openSystemd() {
  const folder = await Deno.makeTempDir({ prefix: "imhook-systemd-" });
  const path = join(folder, "notify");
  const socket = Deno.listenDatagram({ transport: "unixpacket", path });
  return {
    path,
    receive: async () => {
      const [bytes] = await socket.receive();
      return new TextDecoder().decode(bytes);
    },
    [Symbol.asyncDispose]: async () => {
      socket.close();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

Deno.test("openServiceManager() tells systemd READY and STOPPING", async () => {
  await using systemd = await openSystemd();
  using manager = openServiceManager({ env: { NOTIFY_SOCKET: systemd.path } });

  manager.ready("Listening on 127.0.0.1:8080");
  assertEquals(
    await systemd.receive(),
    "READY=1\nSTATUS=Listening on 127.0.0.1:8080",
  );
  manager.stopping();
  assertEquals(await systemd.receive(), "STOPPING=1");
});

Deno.test("openServiceManager() gives a sign of life twice in the watchdog's time", async () => {
  await using systemd = await openSystemd();
  const clock = new Clock();
  using manager = openServiceManager({
    env: {
      NOTIFY_SOCKET: systemd.path,
      WATCHDOG_USEC: "30000000",
      WATCHDOG_PID: "7",
    },
    pid: 7,
    sleep: clock.sleep,
  });
  manager.ready("");
  await systemd.receive();

  for (let n = 0; n < 3; n++) {
    assertEquals(await systemd.receive(), "WATCHDOG=1");
    assertEquals(clock.nextInMs, 15_000);
    clock.advance(15_000);
  }
});

Deno.test.each([
  { name: "no watchdog", env: {} },
  {
    name: "another process's watchdog",
    env: { WATCHDOG_USEC: "30000000", WATCHDOG_PID: "8" },
  },
  { name: "a time that is none", env: { WATCHDOG_USEC: "soon" } },
])("openServiceManager() given $name gives no sign of life", ({ env }) => {
  const clock = new Clock();
  using manager = openServiceManager({
    env: { ...env },
    pid: 7,
    sleep: clock.sleep,
  });

  manager.ready("");

  assertEquals(clock.sleepingMs, []);
});

Deno.test("openServiceManager() without systemd says nothing to nobody", () => {
  using manager = openServiceManager({ env: {} });

  manager.ready("");
  manager.stopping();
});
