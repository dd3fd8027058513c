/** A published framework, by the name that records and reports have for it. */
export type Framework =
  | "iso42001"
  | "nist-ai-rmf"
  | "nist-csf"
  | "owasp-asi"
  | "owasp-llm"
  | "owasp-nhi"
  | "soc2"
  | "eu-ai-act";

/** What a record may show that controls ask for. */
export type EvidenceKind =
  | "change-detected"
  | "tier-with-reasons"
  | "named-approval"
  | "approval-bound"
  | "revalidation"
  | "signed-record"
  | "rollback-plan"
  | "break-glass"
  | "exception"
  | "credential-change"
  | "provider-disclosure"
  | "governance-change"
  | "agent-permission";

/**
 * Which controls a kind of evidence supports. A pairing is this project's judgement, no published crosswalk, and "supports" says
 * that an assessor may look here, not that the control is met. Editions: ISO/IEC 42001:2023, NIST AI RMF 1.0, NIST CSF 2.0, OWASP
 * Top 10 for Agentic Applications 2026, for LLM 2025 and for non-human identities 2025, SOC 2 (TSC 2017), Regulation (EU) 2024/1689.
 */
export const SUPPORTED: Readonly<Record<EvidenceKind, Readonly<Partial<Record<Framework, readonly string[]>>>>> = {
  "change-detected": {
    iso42001: ["A.4.2", "A.4.4", "A.6.2.3"],
    "nist-ai-rmf": ["GOVERN 1.6", "MAP 4.1"],
    "nist-csf": ["ID.AM-02", "ID.AM-04", "ID.AM-08", "PR.PS-01"],
    "owasp-asi": ["ASI04"],
    "owasp-llm": ["LLM03", "LLM07"],
    soc2: ["CC8.1"],
    "eu-ai-act": ["17(1)(a)"],
  },
  "tier-with-reasons": {
    iso42001: ["8.2", "A.5.2"],
    "nist-ai-rmf": ["GOVERN 1.3", "MANAGE 1.2"],
    "nist-csf": ["ID.RA-07", "ID.RA-05", "GV.RM-06"],
    "owasp-asi": ["ASI08"],
    soc2: ["CC3.4"],
    "eu-ai-act": ["9"],
  },
  "named-approval": {
    iso42001: ["5.3", "8.1", "A.3.2"],
    "nist-ai-rmf": ["GOVERN 2.1", "GOVERN 3.2", "MANAGE 1.1", "MAP 3.5"],
    "nist-csf": ["GV.RR-02", "PR.AA-05"],
    "owasp-asi": ["ASI01", "ASI09", "ASI10"],
    "owasp-llm": ["LLM06"],
    soc2: ["CC8.1", "CC1.3"],
    "eu-ai-act": ["14", "17(1)(m)", "26(2)"],
  },
  "approval-bound": {
    iso42001: ["8.1"],
    "nist-ai-rmf": ["MANAGE 4.1"],
    "nist-csf": ["PR.PS-01"],
    "owasp-asi": ["ASI01", "ASI04"],
    soc2: ["CC8.1"],
  },
  revalidation: {
    iso42001: ["8.1", "A.6.2.4"],
    "nist-ai-rmf": ["MEASURE 2.1", "MEASURE 2.3", "MEASURE 2.5", "MEASURE 2.7"],
    "nist-csf": ["PR.PS-06", "ID.IM-02"],
    "owasp-asi": ["ASI04"],
    "owasp-llm": ["LLM01", "LLM04"],
    soc2: ["CC8.1"],
    "eu-ai-act": ["9(6)", "9(8)", "17(1)(d)"],
  },
  "signed-record": {
    iso42001: ["7.5.3", "A.6.2.7"],
    "nist-ai-rmf": ["GOVERN 1.4", "GOVERN 4.2"],
    "nist-csf": ["PR.PS-04", "RS.AN-06", "RS.AN-07"],
    "owasp-asi": ["ASI08", "ASI09", "ASI10"],
    soc2: ["CC8.1"],
    "eu-ai-act": ["17(1)(k)", "18"],
  },
  "rollback-plan": {
    iso42001: ["A.6.2.5", "A.6.2.6"],
    "nist-ai-rmf": ["MANAGE 2.3", "MANAGE 2.4", "MANAGE 4.1", "GOVERN 6.2"],
    "nist-csf": ["RC.RP-02", "RC.RP-03", "RC.RP-05", "ID.IM-04"],
    "owasp-asi": ["ASI04", "ASI10"],
    soc2: ["CC7.4"],
  },
  "break-glass": {
    iso42001: ["8.1", "10.2"],
    "nist-ai-rmf": ["MANAGE 2.3", "MANAGE 4.3"],
    "nist-csf": ["ID.RA-07", "RS.MA-04"],
    "owasp-asi": ["ASI09"],
    soc2: ["CC8.1"],
  },
  exception: {
    iso42001: ["6.1", "8.3"],
    "nist-ai-rmf": ["MANAGE 1.3", "MANAGE 1.4"],
    "nist-csf": ["ID.RA-07", "ID.RA-06"],
    soc2: ["CC5.3", "CC8.1"],
  },
  "credential-change": {
    iso42001: ["A.4.4", "A.4.5"],
    "nist-ai-rmf": ["GOVERN 6.1", "MANAGE 3.1"],
    "nist-csf": ["PR.AA-01", "PR.AA-05"],
    "owasp-asi": ["ASI03"],
    "owasp-nhi": ["NHI1", "NHI2", "NHI4", "NHI5", "NHI6", "NHI7", "NHI8", "NHI9"],
    soc2: ["CC6.1", "CC6.2", "CC6.3"],
  },
  "provider-disclosure": {
    iso42001: ["A.10.2", "A.10.3"],
    "nist-ai-rmf": ["GOVERN 6.1", "GOVERN 6.2", "MAP 4.2", "MANAGE 3.1", "MANAGE 3.2"],
    "nist-csf": ["GV.SC-04", "GV.SC-06", "GV.SC-07", "GV.SC-10", "ID.RA-10", "DE.CM-06"],
    "owasp-asi": ["ASI04"],
    "owasp-llm": ["LLM03"],
    "owasp-nhi": ["NHI3"],
    soc2: ["CC9.2"],
  },
  "governance-change": {
    iso42001: ["6.3", "A.2.4"],
    "nist-ai-rmf": ["GOVERN 1.4"],
    "nist-csf": ["GV.PO-01", "GV.PO-02", "GV.OC-01"],
    "owasp-asi": ["ASI08"],
    soc2: ["CC5.3"],
  },
  "agent-permission": {
    iso42001: ["8.1", "A.6.2.6"],
    "nist-ai-rmf": ["MAP 3.5", "GOVERN 3.2"],
    "nist-csf": ["PR.AA-05", "PR.PS-05"],
    "owasp-asi": ["ASI02", "ASI03", "ASI05"],
    "owasp-llm": ["LLM06"],
  },
};
