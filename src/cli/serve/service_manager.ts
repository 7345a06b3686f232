import { join } from "@std/path";
import { logger } from "../../base/log.ts";
import { pause, type Sleep, TaskQueue } from "../../base/wait.ts";

/** Tells systemd how the service is; does nothing where systemd did not ask. */
export interface ServiceManager extends Disposable {
  /** It serves: `systemctl start` is done, and the watchdog begins. */
  readonly ready: (status: string) => void;
  /** Something that a person who asks `systemctl status` should know. */
  readonly tell: (status: string) => void;
  /** It stops. */
  readonly stopping: () => void;
}

/** The environment of a service, and overrides for tests. */
export interface ServiceManagerOptions {
  readonly env: Readonly<Record<string, string>>;
  /** @default {Deno.pid} */
  readonly pid?: number;
  readonly sleep?: Sleep;
}

const log = logger("serve");

/**
 * Speaks sd_notify with the service manager that `NOTIFY_SOCKET` names (sd_notify(3)).
 *
 * The watchdog's sign of life comes from the event loop: where that hangs, systemd ends the process
 * and starts it anew.
 */
export function openServiceManager(
  { env, pid = Deno.pid, sleep }: ServiceManagerOptions,
): ServiceManager {
  const path = env.NOTIFY_SOCKET ?? "";
  const socket = path === "" ? undefined : openSocket(path);
  const closing = new AbortController();
  const { signal } = closing;
  const everyMs = watchdogMs(env, pid);
  const live = async (everyMs: number) => {
    while (!signal.aborted) {
      socket?.send("WATCHDOG=1");
      await pause(everyMs, { signal, sleep });
    }
  };
  return {
    ready(status) {
      socket?.send(`READY=1\nSTATUS=${status}`);
      if (everyMs !== undefined) live(everyMs);
    },
    tell: (status) => socket?.send(`STATUS=${status}`),
    stopping: () => socket?.send("STOPPING=1"),
    [Symbol.dispose]() {
      closing.abort();
      socket?.[Symbol.dispose]();
    },
  };
}

/** Half of the time after which systemd gives up; undefined where no sign of life is expected. */
function watchdogMs(
  { WATCHDOG_USEC = "", WATCHDOG_PID }: Readonly<Record<string, string>>,
  pid: number,
): number | undefined {
  const isOurs = WATCHDOG_PID === undefined || WATCHDOG_PID === String(pid);
  if (!isOurs || !/^[1-9]\d{0,14}$/.test(WATCHDOG_USEC)) return undefined;
  return Math.max(1, Math.floor(Number(WATCHDOG_USEC) / 2_000));
}

/** A datagram socket to the manager's; Deno gives each one a path of its own. */
function openSocket(
  path: string,
): Disposable & { readonly send: (text: string) => void } {
  const folder = Deno.makeTempDirSync({ prefix: "imhook-notify-" });
  const transport = "unixpacket";
  const socket = Deno.listenDatagram({
    transport,
    path: join(folder, "socket"),
  });
  // An abstract address begins with a zero byte, written as @.
  const target = { transport, path: path.replace(/^@/, "\0") } as const;
  // A socket of Deno's takes one datagram at a time.
  const queue = new TaskQueue();
  return {
    send(text) {
      const bytes = new TextEncoder().encode(text);
      queue.run(() => socket.send(bytes, target)).catch((error) =>
        log.warn("Cannot tell systemd", { error: String(error) })
      );
    },
    [Symbol.dispose]() {
      socket.close();
      Deno.removeSync(folder, { recursive: true });
    },
  };
}
