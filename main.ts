import { main } from "./src/cli/cli.ts";

if (import.meta.main) Deno.exit(await main(Deno.args));
