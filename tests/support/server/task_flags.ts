import config from "../../../deno.json" with { type: "json" };

/** The permission flags of a task in deno.json, so that tests may do what users may. */
export function flagsOf(task: "imhook" | "trigger"): string[] {
  const { command } = config.tasks[task];
  return command.split(" ").filter((word) => word.startsWith("--"));
}
