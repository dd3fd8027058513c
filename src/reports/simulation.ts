import type { SimulatedLanding, Simulation } from "../core/simulation.ts";
import { plain } from "./plain.ts";

/** A simulation as a person reads it in a terminal: how much would be governed, by what, and the heaviest landings. */
export function simulationReport(simulation: Simulation, color: boolean): string {
  const bold = (text: string) => (color ? `\u001b[1m${text}\u001b[0m` : text);
  const { landings, governed } = simulation;
  const share = landings === 0 ? "" : ` (${Math.round((100 * governed) / landings)} %)`;
  const systems = simulation.systems.map(
    ({ system, landings: count }) => [system ?? "no registered system", count] as const,
  );
  const lines = [
    bold(`${governed} of ${landings} landed changes would have been governed${share}`),
    ...bars("By tier", Object.entries(simulation.tiers), bold),
    ...bars("By class", Object.entries(simulation.classes), bold),
    ...bars("By system", systems, bold),
    ...bars("Would have been blocked by", Object.entries(simulation.blockers), bold),
    ...(simulation.heaviest.length > 0 ? ["", bold("Heaviest"), ...simulation.heaviest.flatMap(heavy)] : []),
    ...(simulation.unreadable.length > 0
      ? [
          "",
          bold("Could not be read"),
          ...simulation.unreadable.map(({ commit, reason }) => `  ${commit.slice(0, 12)} ${plain(reason, 200)}`),
        ]
      : []),
  ];
  return `${lines.join("\n")}\n`;
}

const BAR = 30;

function bars(title: string, rows: readonly (readonly [string, number])[], bold: (text: string) => string): string[] {
  if (rows.length === 0) return [];
  const most = Math.max(...rows.map(([, count]) => count));
  const width = Math.min(40, Math.max(...rows.map(([name]) => plain(name, 40).length)));
  return [
    "",
    bold(title),
    ...rows.map(
      ([name, count]) =>
        `  ${plain(name, 40).padEnd(width)} ${String(count).padStart(5)} ${"▇".repeat(Math.max(1, Math.round((BAR * count) / most)))}`,
    ),
  ];
}

function heavy(landing: SimulatedLanding): string[] {
  const where =
    landing.systems.length > 0 ? ` in ${landing.systems.map((system) => plain(system, 40)).join(", ")}` : "";
  return [
    `  ${landing.tier.padEnd(8)} ${landing.commit.slice(0, 12)} ${landing.landedAt.slice(0, 10)} ${plain(landing.subject, 90)}`,
    `           ${landing.classes.join(", ")}${where}; ${landing.findings} finding${landing.findings === 1 ? "" : "s"}: ${plain(landing.reason, 160)}`,
  ];
}
