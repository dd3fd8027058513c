import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import chromium from "@sparticuz/chromium";
import { chromium as playwright } from "playwright-core";
import { expect, it, onTestFinished } from "vitest";
import { runSetup } from "../../src/setup/run-setup.ts";
import { recorded } from "../commands/repository.ts";
import { confirmManifest } from "../github/routes-manifest.ts";
import { loopbackGitHub } from "../github/server.ts";

it("P42 in a browser the pages' own policy lets them be seen, lets the form go to GitHub and back, and nothing else", async () => {
  const github = await loopbackGitHub();
  onTestFinished(() => github.close());
  github.world.organisation("acme", { root: "admin" });
  const folder = mkdtempSync(join(tmpdir(), "countersign-setup-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const { io, out } = recorded();
  const signal = new AbortController().signal;
  const environment = { GITHUB_API_URL: github.url };
  const exit = runSetup([], { folder, io: { ...io, environment }, signal, waiting: { every: 20, most: 100 } });
  while (!out().includes("http://127.0.0.1:")) await new Promise((resolve) => setTimeout(resolve, 5));
  const [address = ""] = /http:\/\/127\.0\.0\.1:\d+\/\S+/.exec(out()) ?? [];

  const browser = await playwright.launch({ executablePath: await chromium.executablePath(), args: chromium.args });
  onTestFinished(() => browser.close());
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(message.text()));
  const sent: Record<string, string>[] = [];
  await page.route(`${github.url}/**`, async (route) => {
    const request = route.request();
    sent.push(await request.allHeaders());
    const fields = new URLSearchParams(request.postData() ?? "");
    await route.fulfill({ status: 302, headers: { location: confirmManifest(github, request.url(), fields) } });
  });
  await page.goto(address);
  expect(await page.evaluate("getComputedStyle(document.querySelector('main')).maxWidth")).toBe("640px");
  await page.fill("#organization", "acme");
  await page.fill("#url", "https://countersign.example.com/webhook");
  await page.click("button");
  await page.click("button");
  await page.getByRole("heading", { name: "countersign-acme is registered" }).waitFor();
  expect(await exit).toBe(0);
  expect(readdirSync(folder)).toContain(".env");
  // GitHub learns where the form came from, not the path that opens this set-up.
  expect(sent.map(({ referer, origin }) => [referer, origin])).toEqual([
    [`${new URL(address).origin}/`, new URL(address).origin],
  ]);
  expect(complaints).toEqual([]);
}, 90_000);
