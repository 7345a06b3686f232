import { closeSync, openSync } from "node:fs";
import process from "node:process";
import type { Registry } from "prom-client";
import { VERSION } from "../../base/version.ts";
import { addCounter, addGauge, samples } from "./gauge.ts";

/** Adds what the process takes, under the names that Prometheus' own clients give it. */
export function addProcess(registry: Registry): void {
  addGauge(registry, "imhook_build_info", {
    help: "Always 1; the labels say what runs",
    labels: ["version", "deno"],
    read: () => [{
      labels: { version: VERSION, deno: Deno.version.deno },
      value: 1,
    }],
  });
  const startSec = (Date.now() - performance.now()) / 1000;
  addGauge(registry, "imhook_start_time_seconds", {
    help: "When the process started, Unix time",
    read: () => startSec,
  });
  addMemory(registry);
  addCounter(registry, "process_cpu_seconds_total", {
    help: "Processor time of all threads, user and system",
    labels: [],
    read: () => {
      const { user, system } = process.cpuUsage();
      return [{ value: (user + system) / 1e6 }];
    },
  });
  addDescriptors(registry);
}

function addMemory(registry: Registry): void {
  addGauge(registry, "imhook_memory_bytes", {
    help: "Memory of the process",
    labels: ["kind"],
    read: () => {
      const { rss, heapUsed, heapTotal, external } = Deno.memoryUsage();
      return samples("kind", {
        resident: rss,
        heap_used: heapUsed,
        heap_total: heapTotal,
        external,
      });
    },
  });
}

function addDescriptors(registry: Registry): void {
  addGauge(registry, "process_open_fds", {
    help: "Open file descriptors; without access to /proc the lowest free one",
    read: countDescriptors,
  });
  addGauge(registry, "process_max_fds", {
    help: "File descriptors that may be open; absent without access to /proc",
    read: readMaxDescriptors,
  });
}

/** Deno opens /proc only to who is granted everything: else a new descriptor's number tells. */
async function countDescriptors(): Promise<number> {
  try {
    return (await Array.fromAsync(Deno.readDir("/proc/self/fd"))).length;
  } catch {
    const lowest = openSync(Deno.execPath(), "r");
    closeSync(lowest);
    return lowest;
  }
}

async function readMaxDescriptors(): Promise<number> {
  const limits = await Deno.readTextFile("/proc/self/limits");
  return Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? NaN);
}
