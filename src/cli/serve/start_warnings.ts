import { logger } from "../../base/log.ts";
import { networkTest } from "../../base/networks.ts";
import { type Config, warningsOf } from "../../config/config.ts";
import type { Io } from "../terminal/io.ts";

/** Logs everything about the configuration that works but is dangerous. */
export function warnAtStart(config: Config, env: Io["env"]): void {
  warnOfUnsigned(config);
  for (const warning of warningsOf(config)) logger("serve").warn(warning);
  warnOfSenders(config);
  warnOfTracing(env);
}

/** Deno puts whole URLs into its spans: with Sign, which forges callbacks for a minute. */
function warnOfTracing(env: Io["env"]): void {
  const isOff = env.OTEL_DENO_TRACING === "false" ||
    env.OTEL_TRACES_SAMPLER === "always_off";
  if (!/^(true|1)$/.test(env.OTEL_DENO ?? "") || isOff) return;
  logger("serve").warn(
    "Traces hold whole URLs, and so every Sign: set OTEL_TRACES_SAMPLER=always_off",
  );
}

/** Behind a proxy that is not trusted, every callback comes from the proxy's address. */
function warnOfSenders(
  { allowedSenders, trustedProxies, listen }: Config,
): void {
  const isLoopback = networkTest(["127.0.0.0/8", "::1"]);
  const isLocal = listen.hostname === "localhost" ||
    isLoopback(listen.hostname);
  if (allowedSenders === undefined || trustedProxies !== undefined) return;
  if (!isLocal) return;
  logger("serve").warn(
    "IMHOOK_ALLOWED_SENDERS is set and only this machine can connect: set IMHOOK_TRUSTED_PROXIES to the proxy's address, or callbacks are refused",
    { listen: listen.hostname },
  );
}

function warnOfUnsigned(config: Config): void {
  for (const { id, tokens } of config.apps.values()) {
    if (tokens.length > 0) continue;
    logger("serve").warn("App has no token: anybody can forge its callbacks", {
      app: id,
    });
  }
}
