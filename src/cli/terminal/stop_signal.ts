/** A signal of ours that follows SIGINT and SIGTERM; further ones while stopping change nothing. */
export function onStopSignal(): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController();
  const abort = () => controller.abort();
  const names: Deno.Signal[] = Deno.build.os === "windows"
    ? ["SIGINT"]
    : ["SIGINT", "SIGTERM"];
  for (const name of names) Deno.addSignalListener(name, abort);
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      for (const name of names) Deno.removeSignalListener(name, abort);
    },
  };
}
