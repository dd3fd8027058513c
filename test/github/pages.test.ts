import { expect, it } from "vitest";
import { pagesOf } from "../../src/github/pages.ts";

it.each([
  ["https://api.github.com", "https://github.com"],
  ["https://github.example.com/api/v3", "https://github.example.com"],
  ["https://api.octocorp.ghe.com", "https://octocorp.ghe.com"],
  ["http://127.0.0.1:4000", "http://127.0.0.1:4000"],
])("P38 the pages of the API at %s are at %s", (api, pages) => {
  expect(pagesOf(api)).toBe(pages);
});
