import type { LoopbackGitHub, Stage } from "./server.ts";

/** The stage of a loopback GitHub, for what happens outside of its API. */
export function stageOf({ world, deliveries, url }: LoopbackGitHub): Stage {
  return { world, deliveries, origin: url };
}
