import { describe, expect, it } from "vitest";
import { providerDetector } from "../../../src/detectors/provider/provider.ts";
import type { Ecosystem } from "../../../src/detectors/provider/provider-catalogue.ts";
import { MODEL_PROVIDERS } from "../../../src/detectors/provider/provider-catalogue.ts";
import { PACKAGE_LITERALS, providerOfPackage } from "../../../src/detectors/provider/provider-name.ts";
import { fileSide } from "../../../src/readers/file-side.ts";

const packages = MODEL_PROVIDERS.flatMap(({ id, packages: own }) =>
  Object.entries(own).flatMap(([ecosystem, names]) => names.map((name) => [name, ecosystem as Ecosystem, id] as const)),
);
const hosts = MODEL_PROVIDERS.flatMap(({ id, hosts: own }) => own.map((host) => [host, id] as const));

function providerAt(address: string): string | undefined {
  const file = fileSide({ path: "a.ts", mode: "100644", id: "" }, Buffer.from(`const url = "${address}";\n`));
  const facts = providerDetector.extract(file) as readonly { readonly value: string }[];
  return facts[0]?.value;
}

describe("the catalogue of providers", () => {
  it("names each provider, and each package of an ecosystem, once", () => {
    const ids = MODEL_PROVIDERS.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const names = packages.map(([name, ecosystem]) => `${ecosystem} ${name.toLowerCase()}`);
    expect(names.filter((name, at) => names.indexOf(name) < at)).toEqual([]);
  });

  it.each(packages)("%s of %s is the client of %s", (name, ecosystem, id) => {
    const real = name.replace("*", "x");
    expect(providerOfPackage(real, ecosystem)).toBe(id);
    expect(PACKAGE_LITERALS.some((literal) => real.toLowerCase().includes(literal))).toBe(true);
  });

  it.each(hosts)("%s serves the models of %s", (host, id) => {
    const real = host.replaceAll("*", "x1");
    expect(providerAt(`https://${real}`)).toBe(id);
    expect(providerAt(`https://${real}/v1/models`)).toBe(id);
    expect(providerAt(real.toUpperCase())).toBe(id);
    expect(providerDetector.literals.some((literal) => real.includes(literal))).toBe(true);
  });

  it.each([
    "https://platform.openai.com/docs",
    "https://openrouter.ai/models",
    "https://api.openai.com.example.net",
    "https://xapi.openai.com",
    "https://api.openai.community",
    "mail@api.openai.com",
    "https://docs.anthropic.com/en/api",
    "https://ollama.com/library/llama3",
    "https://s3.eu-west-1.amazonaws.com",
    "https://storage.googleapis.com/aiplatform",
  ])("%s does not", (address) => {
    expect(providerAt(address)).toBeUndefined();
  });
});
