import {
  assert,
  assertEquals,
  assertLessOrEqual,
  assertMatch,
  assertNotMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { join } from "@std/path";
import { UsageError } from "../../src/cli/terminal/flags.ts";
import { run } from "../../src/cli/systemd.ts";

/** The contract asks for 3.0; the unit reaches 1.3 with systemd 252. */
const MAX_EXPOSURE = 2.0;
/** The first version that resolves %d, the folder of the secrets. */
const MIN_SYSTEMD_VERSION = 251;

async function systemd(
  ...args: string[]
): Promise<{ unit: string; steps: string }> {
  const out: string[] = [];
  const talk: string[] = [];
  const code = await run(args, {
    out: (line) => out.push(line),
    talk: (line) => talk.push(line),
  });
  assertEquals(code, 0);
  return { unit: out.join("\n"), steps: talk.join("\n") };
}

/** The values a directive has in the unit, comments left out. */
function valuesOf(unit: string, directive: string): string[] {
  return unit.split("\n")
    .filter((line) => line.startsWith(`${directive}=`))
    .map((line) => line.slice(directive.length + 1));
}

Deno.test("run() prints the unit for the usual path when told nothing", async () => {
  const { unit } = await systemd();

  assertEquals(valuesOf(unit, "ExecStart"), ["/usr/local/bin/imhook serve"]);
  assertNotMatch(unit, /@[A-Z]+@/);
});

Deno.test.each([
  { bin: "/opt/imhook", word: "/opt/imhook" },
  { bin: "/opt/100%n/imhook", word: "/opt/100%%n/imhook" },
  { bin: "/opt/im hook", word: '"/opt/im hook"' },
  { bin: "/opt/受信/@APP@", word: "/opt/受信/@APP@" },
  { bin: "/home-made/imhook", word: "/home-made/imhook" },
])("run() starts $bin", async ({ bin, word }) => {
  const { unit } = await systemd("--bin", bin);

  assertEquals(valuesOf(unit, "ExecStart"), [`${word} serve`]);
});

Deno.test.each(
  Object.entries({
    "an absolute path": ["", "imhook", "./imhook", "-/opt/imhook"],
    "control characters": ["/opt/x\nUser=root", "/opt/x\tserve", "/opt/\x7f"],
    "quotes, backslashes, $": ['/opt/"x"', "/opt/x's", "/opt/\\x20", "/opt/$x"],
    "a file's path": ["/", "/opt/", "/opt//x", "/opt/../root/x", "/opt/."],
    "outside /home": ["/home/me/imhook"],
    "outside /root": ["/root/imhook"],
    "outside /run/user": ["/run/user/0/imhook"],
    "outside /tmp": ["/tmp/imhook"],
    "outside /var/tmp": ["/var/tmp/imhook"],
  }).flatMap(([expected, bins]) => bins.map((bin) => ({ bin, expected }))),
)("run() refuses --bin $bin", async ({ bin, expected }) => {
  const error = await assertRejects(
    () => systemd(`--bin=${bin}`),
    UsageError,
    expected,
  );

  assertStringIncludes(error.message, "--bin: ");
  assertStringIncludes(error.message, JSON.stringify(bin));
});

Deno.test("run() passes each app its secrets as credentials, once", async () => {
  const { unit } = await systemd(
    ...["--app", "20", "--app", "7", "--app", "020"],
  );

  assertEquals(valuesOf(unit, "LoadCredential"), [
    "api_token:/etc/imhook/api_token",
    "api_token_previous:/etc/imhook/api_token_previous",
    "api_token_read:/etc/imhook/api_token_read",
    "app_20:/etc/imhook/app_20",
    "app_7:/etc/imhook/app_7",
    "app_20_previous:/etc/imhook/app_20_previous",
    "app_7_previous:/etc/imhook/app_7_previous",
  ]);
  assertEquals(valuesOf(unit, "Environment"), [
    "IMHOOK_API_TOKEN_FILE=%d/api_token",
    "IMHOOK_API_TOKEN_PREVIOUS_FILE=%d/api_token_previous",
    "IMHOOK_API_TOKEN_READ_FILE=%d/api_token_read",
    "IMHOOK_APP_20_FILE=%d/app_20",
    "IMHOOK_APP_7_FILE=%d/app_7",
    "IMHOOK_APP_20_PREVIOUS_FILE=%d/app_20_previous",
    "IMHOOK_APP_7_PREVIOUS_FILE=%d/app_7_previous",
  ]);
});

Deno.test("run() lets only the previous secrets be absent", async () => {
  const { unit } = await systemd("--app", "7");

  assertEquals(valuesOf(unit, "SetCredential"), [
    "api_token_previous:\\n",
    "api_token_read:\\n",
    "app_7_previous:\\n",
  ]);
});

Deno.test("run() marks the app it was not told as a placeholder", async () => {
  const { unit, steps } = await systemd();

  assertMatch(unit, /^# PLACEHOLDER: 1400000000/m);
  assertMatch(unit, /^Environment=IMHOOK_APP_1400000000_FILE=/m);
  assertMatch(steps, /^1400000000 is a placeholder/);
});

Deno.test("run() speaks of no placeholder when told the app", async () => {
  const { unit, steps } = await systemd("--app", "7");

  assertNotMatch(`${unit}\n${steps}`, /placeholder|1400000000/i);
});

Deno.test.each(
  ["", "0", "-7", "7 ", "7\nUser=root", "7:/x", "%n", "٧", "4294967296"]
    .map((app) => ({ app })),
)("run() refuses --app $app", async ({ app }) => {
  await assertRejects(
    () => systemd("--app", "7", `--app=${app}`),
    UsageError,
    "--app: expected a whole number from 1 to 4294967295",
  );
});

Deno.test.each(
  Object.entries({
    Type: "notify",
    NotifyAccess: "main",
    WatchdogSec: "30",
    LimitCORE: "0",
    SocketBindDeny: "any",
    SocketBindAllow: "tcp:8080",
    DynamicUser: "yes",
    StateDirectory: "imhook",
    StateDirectoryMode: "0700",
    UMask: "0077",
    LimitNOFILE: "65536",
    Restart: "always",
    StartLimitIntervalSec: "0",
    KillSignal: "SIGTERM",
    TimeoutStopSec: "10",
    WantedBy: "multi-user.target",
    CapabilityBoundingSet: "",
    AmbientCapabilities: "",
    ProtectSystem: "strict",
    ProtectProc: "invisible",
    ProcSubset: "pid",
    SystemCallArchitectures: "native",
    SystemCallErrorNumber: "EPERM",
    RestartSec: "200ms",
    Wants: "network-online.target",
    After: "network-online.target",
    RestrictAddressFamilies: "AF_INET AF_INET6 AF_UNIX",
  }).map(([directive, value]) => ({ directive, value })),
)("run() sets $directive=$value", async ({ directive, value }) => {
  const { unit } = await systemd();

  assertEquals(valuesOf(unit, directive), [value]);
});

Deno.test("run() closes whatever imhook has no use for", async () => {
  const { unit } = await systemd();

  const closed = unit.split("\n")
    .filter((line) =>
      /^(NoNew|Protect|Private|Restrict|Lock|Remove)/.test(line)
    )
    .filter((line) => line.endsWith("=yes"))
    .map((line) => line.slice(0, -"=yes".length));
  assertEquals(
    closed.toSorted().join(" "),
    "LockPersonality NoNewPrivileges PrivateDevices PrivateIPC PrivateTmp " +
      "PrivateUsers ProtectClock ProtectControlGroups ProtectHome " +
      "ProtectHostname ProtectKernelLogs ProtectKernelModules " +
      "ProtectKernelTunables RemoveIPC RestrictNamespaces RestrictRealtime " +
      "RestrictSUIDSGID",
  );
});

Deno.test("run() leaves V8 what it cannot start without", async () => {
  const { unit } = await systemd();

  assertEquals(valuesOf(unit, "MemoryDenyWriteExecute"), []);
  // Where the processor has protection keys, V8 asks for one before anything else.
  assertEquals(valuesOf(unit, "SystemCallFilter"), [
    "@system-service @pkey",
    "~@privileged @resources",
  ]);
});

Deno.test("run() tells each step of the installation in order", async () => {
  const args = ["--bin", "/opt/im hook", "--app", "7", "--app", "20"];
  const { steps } = await systemd(...args);

  const commands = steps.split("\n").filter((line) => line.startsWith("     "));
  assertEquals(commands.map((line) => line.trim()), [
    "install -m 0755 dist/imhook '/opt/im hook'",
    "'/opt/im hook' systemd --app 7 --app 20 > /etc/systemd/system/imhook.service",
    "install -d -m 0700 /etc/imhook",
    "(umask 077; head -c 32 /dev/urandom | base64 > /etc/imhook/api_token)",
    "(umask 077; cat > /etc/imhook/app_7)",
    "(umask 077; cat > /etc/imhook/app_20)",
    "systemctl daemon-reload",
    "systemctl enable --now imhook",
    "systemctl status imhook",
    "curl http://127.0.0.1:8080/readyz",
    "(umask 077; cat > /etc/imhook/app_<SdkAppid>)",
    "'/opt/im hook' systemd --app 7 --app 20 --app <SdkAppid> > /etc/systemd/system/imhook.service",
    "systemctl daemon-reload && systemctl restart imhook",
    "mv /etc/imhook/app_7 /etc/imhook/app_7_previous",
    "(umask 077; cat > /etc/imhook/app_7)",
    "systemctl restart imhook",
    "rm /etc/imhook/app_7_previous && systemctl restart imhook",
  ]);
});

Deno.test("run() refuses a flag it does not know", async () => {
  await assertRejects(() => systemd("--user", "root"), UsageError, "--user");
});

interface Analysis {
  readonly code: number;
  readonly output: string;
}

async function analyze(verb: string[], unit: string): Promise<Analysis> {
  const folder = await Deno.makeTempDir();
  try {
    const file = join(folder, "imhook.service");
    await Deno.writeTextFile(file, `${unit}\n`);
    const { code, stdout, stderr } = await new Deno.Command("systemd-analyze", {
      args: [...verb, file],
      env: { LC_ALL: "C" },
    }).output();
    const decoder = new TextDecoder();
    return { code, output: decoder.decode(stdout) + decoder.decode(stderr) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function systemdProblem(): string | undefined {
  try {
    const { stdout } = new Deno.Command("systemd-analyze", {
      args: ["--version"],
    }).outputSync();
    const version = /^systemd (\d+)/.exec(new TextDecoder().decode(stdout))
      ?.[1];
    return Number(version) >= MIN_SYSTEMD_VERSION
      ? undefined
      : `systemd-analyze ${version} is older than ${MIN_SYSTEMD_VERSION}`;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "no systemd-analyze here";
    throw error;
  }
}

/** Skips where systemd is missing, and says so in the name; never in CI. */
function testWithSystemd(name: string, fn: () => Promise<void>): void {
  const problem = Deno.env.get("CI") === "true" ? undefined : systemdProblem();
  Deno.test({
    name: problem === undefined ? name : `${name} (skipped: ${problem})`,
    ignore: problem !== undefined,
    fn,
  });
}

testWithSystemd("systemd accepts the unit without a word", async () => {
  const { unit } = await systemd("--bin", "/usr/bin/env", "--app", "7");

  const { code, output } = await analyze(["verify", "--man=no"], unit);

  // Other units of the machine may have their own faults.
  const lines = output.split("\n").filter((line) => line.includes("imhook"));
  assertEquals(lines, []);
  assertEquals(code, 0);
});

testWithSystemd("systemd reads back the path it was given", async () => {
  const bin = "/opt/im hook/100%n/;#受信";
  const { unit } = await systemd("--bin", bin);

  const { output } = await analyze(["verify", "--man=no"], unit);

  assertStringIncludes(output, `Command ${bin} is not executable`);
});

testWithSystemd("systemd finds the unit little exposed", async () => {
  const { unit } = await systemd();

  const { output } = await analyze(["security", "--offline=true"], unit);

  const exposure = /exposure level for imhook\.service: ([\d.]+)/.exec(output);
  assert(exposure !== null, output);
  assertLessOrEqual(Number(exposure[1]), MAX_EXPOSURE);
});
