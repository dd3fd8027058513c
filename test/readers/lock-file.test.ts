import { describe, expect, it } from "vitest";
import { literalsOf } from "./reading.ts";

const INTEGRITY = `sha512-${"A".repeat(86)}==`;

/** Name of the lock file, its text, and what it must give. */
const CASES: readonly (readonly [string, string, readonly string[]])[] = [
  [
    "package-lock.json",
    JSON.stringify(
      {
        name: "mine",
        version: "1.0.0",
        lockfileVersion: 3,
        packages: {
          "": { name: "mine", version: "1.0.0", dependencies: { openai: "^4" } },
          "node_modules/openai": {
            version: "4.1.0",
            resolved: "https://h/openai.tgz",
            integrity: INTEGRITY,
            dependencies: { zod: "^3" },
          },
          "node_modules/@a/b/node_modules/zod": { version: "3.0.0" },
          "node_modules/alias": { name: "real", version: "2.0.0" },
          "packages/own": { version: "0.1.0" },
        },
      },
      null,
      2,
    ),
    ["14 openai = 4.1.0", "22 zod = 3.0.0", "26 real = 2.0.0", "29 packages/own = 0.1.0"],
  ],
  [
    "npm-shrinkwrap.json",
    JSON.stringify(
      {
        name: "mine",
        version: "1.0.0",
        dependencies: {
          openai: { version: "4.1.0", requires: { zod: "^3" }, dependencies: { zod: { version: "3.0.0" } } },
        },
      },
      null,
      2,
    ),
    ["6 openai = 4.1.0", "12 zod = 3.0.0"],
  ],
  [
    "yarn.lock",
    '# yarn lockfile v1\n\n"@anthropic-ai/sdk@^0.9", "@anthropic-ai/sdk@^0.9.1":\n  version "0.9.1"\n  resolved "https://h"\n  dependencies:\n    zod "^3"\n\nzod@^3:\n  version "3.22.0"\n',
    ["4 @anthropic-ai/sdk = 0.9.1", "10 zod = 3.22.0"],
  ],
  [
    "yarn.lock",
    '__metadata:\n  version: 8\n\n"openai@npm:^4.0.0, openai@npm:^4.1.0":\n  version: 4.1.0\n  resolution: "openai@npm:4.1.0"\n',
    ["5 openai = 4.1.0"],
  ],
  [
    "pnpm-lock.yaml",
    "lockfileVersion: '9.0'\n\nimporters:\n  .:\n    dependencies:\n      openai:\n        version: 4.1.0\n\npackages:\n\n  '@a/b@1.0.0':\n    resolution: {integrity: x}\n\n  openai@4.1.0:\n    engines: {node: '>=18'}\n\nsnapshots:\n\n  openai@4.1.0(zod@3.0.0):\n    dependencies:\n      zod: 3.0.0\n",
    ["11 @a/b = 1.0.0", "14 openai = 4.1.0"],
  ],
  [
    "pnpm-lock.yaml",
    "lockfileVersion: 5.4\npackages:\n\n  /@a/b/1.0.0_zod@3.0.0:\n    dev: false\n  /openai/4.1.0:\n    dev: false\n  /ai@2.0.0(react@18):\n    dev: true\n",
    ["4 @a/b = 1.0.0", "6 openai = 4.1.0", "8 ai = 2.0.0"],
  ],
  [
    "poetry.lock",
    '[[package]]\nname = "openai"\nversion = "1.2.3"\ndescription = "x"\n\n[package.dependencies]\nhttpx = ">=0.2"\n\n[[package]]\nname = "zod"\nversion = "1"\n',
    ["3 openai = 1.2.3", "11 zod = 1"],
  ],
  [
    "uv.lock",
    'version = 1\n\n[[package]]\nname = "mine"\nsource = { virtual = "." }\n\n[[package]]\nname = "openai"\nversion = "1.2.3"\n',
    ["9 openai = 1.2.3"],
  ],
  [
    "Cargo.lock",
    'version = 3\n\n[[package]]\nname = "async-openai"\nversion = "0.20.0"\n',
    ["5 async-openai = 0.20.0"],
  ],
  [
    "Pipfile.lock",
    JSON.stringify({ default: { openai: { hashes: ["sha256:x"], index: "pypi", version: "==1.2.3" } } }, null, 4),
    ["8 openai = ==1.2.3"],
  ],
  ["go.sum", "github.com/a/b v1.2.3 h1:x=\ngithub.com/a/b v1.2.3/go.mod h1:y=\n", ["1 github.com/a/b = v1.2.3"]],
  [
    "Gemfile.lock",
    "GEM\n  remote: https://h/\n  specs:\n    ruby-openai (6.1.0)\n      faraday (>= 1)\n    faraday (2.0)\n\nDEPENDENCIES\n  ruby-openai (~> 6)\n",
    ["4 ruby-openai = 6.1.0", "6 faraday = 2.0"],
  ],
  [
    "composer.lock",
    JSON.stringify(
      {
        "content-hash": "x",
        packages: [
          { name: "openai-php/client", version: "v0.8", authors: [{ name: "A B" }] },
          { name: "b/c", version: "1" },
        ],
      },
      null,
      4,
    ),
    ["6 openai-php/client = v0.8", "15 b/c = 1"],
  ],
  [
    "packages.lock.json",
    JSON.stringify(
      {
        version: 1,
        dependencies: {
          "net8.0": { OpenAI: { type: "Direct", requested: "[2.0.0, )", resolved: "2.0.0", dependencies: { B: "1" } } },
        },
      },
      null,
      2,
    ),
    ["8 OpenAI = 2.0.0"],
  ],
  [
    "gradle.lockfile",
    "# This is a file\ndev.langchain4j:langchain4j:0.36.0=runtimeClasspath\nempty=x\n",
    ["2 dev.langchain4j:langchain4j = 0.36.0"],
  ],
  [
    "bun.lock",
    '{\n  "lockfileVersion": 1,\n  "packages": {\n    "@a/b": ["@a/b@1.0.0", "", {}, "x"],\n    "openai": ["openai@4.1.0", "", { "dependencies": { "c": "^1" } }, "y"],\n  }\n}\n',
    ["4 @a/b = 1.0.0", "5 openai = 4.1.0"],
  ],
  [
    "deno.lock",
    '{\n  "specifiers": {\n    "npm:openai@4": "4.1.0_zod@3"\n  },\n  "npm": {\n    "openai@4.1.0_zod@3.0.0": {\n      "integrity": "x"\n    }\n  }\n}\n',
    ["6 openai = 4.1.0"],
  ],
];

describe("lock files", () => {
  it.each(CASES)("%s", (name, text, expected) => {
    expect(literalsOf(`app/${name}`, text)).toEqual(expected);
  });

  it("what only sounds like one is read as its format", () => {
    expect(literalsOf("lock.json", '{"a": "b"}')).toEqual(["1 a = b"]);
    expect(literalsOf("my-poetry.lock.txt", 'name = "x"')).toEqual([]);
  });
});
