import { describe, expect, it } from "vitest";
import { effectsOf } from "../../../src/detectors/tool/tool-effects.ts";

describe("what a tool can do, by its name and description", () => {
  it.each([
    ["refund_order", "", ["money"]],
    ["getOrder", "", []],
    ["list_commits", "Lists the commits of a branch", []],
    ["searchInvoices", "Search invoices", []],
    ["sendEmails", "", ["write", "network"]],
    ["run_shell", "", ["exec"]],
    ["execute_sql", "Read only", ["exec"]],
    ["get_and_delete_note", "", ["write"]],
    ["notes", "Deletes a note", ["write"]],
    ["weather", "Tells the weather of a place", []],
    ["lookup", "Answers a question about an order", []],
    ["fetch_page", "", ["network"]],
    ["web_search", "", ["network"]],
    ["transferMoney", "", ["money"]],
    ["PythonREPLTool", "", ["exec"]],
    ["Process", "Handles what was addressed to us", []],
  ])("%s: %s", (name, description, effects) => {
    expect(effectsOf(name, description)).toEqual(effects);
  });
});
