import type { FileSide } from "../../core/detector.ts";
import { commentedLines } from "../commented-lines.ts";
import { sourceParts } from "../source-parts.ts";
import { textGate } from "../text-gate.ts";
import { speaksOfActing } from "./guardrail-words.ts";

const CODE = /\.(?:py|pyi|[cm]?[jt]sx?|go|java|kt|cs|rb|rs|php|ipynb)$/i;
/** Calls and decorators that check, ask or record; the first group is what is counted. */
const SURE =
  /(?<![\w.])@?((?:[\w]{1,60}\.){0,4}(?:moderations\.create|moderations\.Create|createModeration|input_guardrail|output_guardrail|HumanApprovalCallbackHandler|HumanInTheLoopMiddleware|humanInTheLoopMiddleware|HumanInputRun|apply_guardrail|ApplyGuardrail(?:Command)?|LlamaGuard|RailsConfig\.from_\w{1,20}|Guard\.(?:from_\w{1,30}|use|for_\w{1,20})))(?=\s{0,4}[(\n]|\s*$)/gm;
/** What each of these holds: without the names before it, looking for it costs far less. */
const SURE_WORD =
  /moderations\.[cC]reate|createModeration|put_guardrail|HumanApproval|umanInTheLoop|HumanInput|apply_guardrail|ApplyGuardrail|LlamaGuard|RailsConfig|Guard\./;
const mayBeSure = textGate(
  ..."moderations.create createmoderation put_guardrail humanapproval umanintheloop humaninput apply_guardrail".split(
    " ",
  ),
  ..."applyguardrail llamaguard railsconfig guard.".split(" "),
);
/** Names that mean this only beside a model. */
const GENERAL_NAME =
  "(?:request_?[hH]uman_?(?:[aA]pproval|[iI]nput|[rR]eview)|ask_?[hH]uman|wait_?[fF]or_?[aA]pproval|require_?[aA]pproval|get_?[hH]uman_?(?:[aA]pproval|[iI]nput)|confirm_?[wW]ith_?[uU]ser|request_?[cC]onfirmation|moderate(?:_?[a-zA-Z]{1,20})?|check_?[mM]oderation|audit_?[lL]og(?:ger)?(?:\\.\\w{1,20})?|log_?[aA]udit)";
const GENERAL = new RegExp(`(?<![\\w.])((?:[\\w]{1,60}\\.){0,4}${GENERAL_NAME})\\s{0,4}\\(`, "g");
const GENERAL_CALL = new RegExp(`${GENERAL_NAME}\\s{0,4}\\(`);
const mayBeGeneral = textGate(
  ..."request_human requesthuman ask_human askhuman get_human gethuman wait_for_a wait_fora waitfor_a waitfora require_approval requireapproval".split(
    " ",
  ),
  ..."confirm_with confirmwith request_confirmation requestconfirmation moderate check_moderation checkmoderation".split(
    " ",
  ),
  ..."audit_log auditlog log_audit logaudit".split(" "),
);
/** LangGraph's pause; elsewhere the word means something else. */
const PAUSE = /(?<![\w.])(interrupt)\s{0,4}\(/g;
const LIST = /\b((?:input|output|tool)_?[gG]uardrails|guardrails|middleware)\s{0,4}[:=]\s{0,4}\[/g;
/** How each of these ends: without the word's beginning, looking for it costs far less. */
const LIST_END = /(?:uardrails|middleware)\s{0,4}[:=]\s{0,4}\[/;
const mayList = textGate("guardrails", "middleware");
const mayPause = textGate("langgraph");
const GUARDING = /HumanInTheLoop|Moderation|Guard|PII|Approval/i;
const DEFINED = /\b(?:def|function|func|fun|class)\s{1,4}$/;

/** A call that keeps a check, a person or a record in the loop. */
export interface GuardCall {
  readonly name: string;
  readonly line: number;
}

/** The calls of a file by which somebody or something looks at what a model wants or says. */
export function guardCalls(file: FileSide): readonly GuardCall[] {
  if (!CODE.test(file.path)) return [];
  const general = mayBeGeneral(file) && GENERAL_CALL.test(file.text) && speaksOfActing(file);
  const matches = [
    ...(mayBeSure(file) && SURE_WORD.test(file.text) ? file.text.matchAll(SURE) : []),
    ...(general ? file.text.matchAll(GENERAL) : []),
    ...(mayPause(file) && file.text.includes("langgraph") ? file.text.matchAll(PAUSE) : []),
    ...(mayList(file) && LIST_END.test(file.text) ? listed(file) : []),
  ];
  if (matches.length === 0) return [];
  const silent = commentedLines(file);
  let line = 1;
  let at = 0;
  return matches
    .sort((a, b) => a.index - b.index)
    .flatMap(({ index, 1: name = "" }) => {
      for (; at < index; at += 1) if (file.text.charCodeAt(at) === 10) line += 1;
      if (silent.has(line) || DEFINED.test(file.text.slice(Math.max(0, index - 12), index))) return [];
      return [{ name: name.slice(name.lastIndexOf(".", name.lastIndexOf(".") - 1) + 1), line }];
    });
}

/** The names in lists of guardrails and of middleware that guards. */
function listed(file: FileSide): readonly { readonly index: number; readonly 1: string }[] {
  let scanned = 0;
  return [...file.text.matchAll(LIST)].flatMap(({ 0: text, 1: list = "", index }) => {
    if (index < scanned) return [];
    const { parts, end } = sourceParts(file.text, index + text.length - 1, /\.py$/i.test(file.path));
    scanned = end;
    return parts.flatMap((part) => {
      const name = /^(?:new )?([A-Za-z_$][\w$.]{0,100})(?:[(<]|$)/.exec(part)?.[1];
      return name !== undefined && (list !== "middleware" || GUARDING.test(name))
        ? [{ index, 1: `${list}.${name}` }]
        : [];
    });
  });
}
