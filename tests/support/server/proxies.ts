import { join } from "@std/path";
import { until } from "../until.ts";
import { Child } from "./child.ts";
import { examplesIn } from "./readme.ts";

/** A proxy of the manual, started in front of a server. */
export interface Proxy extends AsyncDisposable {
  readonly port: number;
  /** Everything that it has written to its logs. */
  readonly log: () => Promise<string>;
}

/** Where a proxy listens and passes requests on, and the folder that it may write to. */
export interface ProxyOptions {
  readonly upstreamPort: number;
  readonly folder: string;
  /**
   * Time that Caddy tries, where the manual says 1500 ms: the speed at which this machine starts a process must
   * not decide a test. @default {"60s"}
   */
  readonly patience?: string;
}

/** Starts Caddy with the manual's file; names, ports and TLS are what a test changes. */
export async function startCaddy(options: ProxyOptions): Promise<Proxy> {
  const { folder, patience = "60s" } = options;
  const port = freePort();
  const text = exampleOf("caddyfile")
    .replace("{\n", "{\n\tadmin off\n\tauto_https off\n")
    .replace("hooks.example.com", `http://127.0.0.1:${port}`)
    .replace("127.0.0.1:8080", `127.0.0.1:${options.upstreamPort}`)
    .replace("1500ms", patience);
  const path = join(folder, "Caddyfile");
  await Deno.writeTextFile(path, text);
  const child = new Child(["caddy", "run", "--config", path], {
    XDG_DATA_HOME: folder,
    XDG_CONFIG_HOME: folder,
  });
  return await started(child, {
    port,
    log: () => Promise.resolve(child.stderr),
  });
}

/** Starts nginx with the manual's file; ports, paths and TLS are what a test changes. */
export async function startNginx(options: ProxyOptions): Promise<Proxy> {
  const { folder, upstreamPort } = options;
  const port = freePort();
  const site = exampleOf("nginx")
    .replace("listen 443 ssl", `listen 127.0.0.1:${port}`)
    .replace(/^ *ssl_.*\n/gm, "")
    .replaceAll("/var/log/nginx", folder)
    .replace("127.0.0.1:8080", `127.0.0.1:${upstreamPort}`);
  const bodies = join(folder, "bodies");
  const text = `daemon off;\nworker_processes 1;\npid ${folder}/nginx.pid;
events {}\nhttp {\nclient_body_temp_path ${bodies};\n${site}}\n`;
  const path = join(folder, "nginx.conf");
  await Deno.writeTextFile(path, text);
  const start = `${folder}/nginx-start.log`;
  const child = new Child(["nginx", "-e", start, "-c", path], {});
  const logs = ["imhook.log", "imhook-error.log", "nginx-start.log"];
  const read = (name: string) => Deno.readTextFile(join(folder, name));
  const log = async () => (await Promise.all(logs.map(read))).join("");
  return await started(child, { port, log });
}

async function started(
  child: Child,
  proxy: Pick<Proxy, "port" | "log">,
): Promise<Proxy> {
  await until("the proxy listens", async () => {
    if (child.hasEnded) throw new Error(`The proxy ended: ${child.stderr}`);
    return await isListening(proxy.port) || undefined;
  });
  return {
    ...proxy,
    [Symbol.asyncDispose]: async () => void await child.stop(),
  };
}

async function isListening(port: number): Promise<boolean> {
  try {
    (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.ConnectionRefused) return false;
    throw error;
  }
}

function exampleOf(language: string): string {
  const [example] = examplesIn(language);
  if (example === undefined) throw new Error(`No ${language} in the manual`);
  return example.code;
}

/** A port that nothing has at this moment. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
