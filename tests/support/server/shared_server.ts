import { type Server, type ServerOptions, startServer } from "./server.ts";

/**
 * A server for all tests of a file, started by the first that asks and stopped after the last. It is a
 * leak of the first, so only tests without sanitizers, as those of the browser, can use it.
 */
export function shareServer(
  options: ServerOptions = {},
): () => Promise<Server> {
  let server: Promise<Server> | undefined;
  Deno.test.afterAll(async () => {
    await (await server)?.[Symbol.asyncDispose]();
  });
  return () => server ??= startServer(options);
}
