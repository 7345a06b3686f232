import { main } from "./src/cli/cli.ts";
import { dropPermissions } from "./src/cli/permissions.ts";
import { processIo } from "./src/cli/terminal/io.ts";

if (import.meta.main) {
  const io = processIo();
  dropPermissions(Deno.args);
  Deno.exit(await main(Deno.args, io));
}
