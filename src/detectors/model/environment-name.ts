const READER =
  /(?:getenv|environ\.get|[eE]nv(?:ironment)?(?:\.get)?|Getenv|LookupEnv|GetEnvironmentVariable|getProperty)\(\)$/;
const ACCESS =
  /^(?:process\.env|import\.meta\.env|(?:os\.)?environ\[\]|ENV\[\]|\$_ENV\[\]|process\.env\[\]|(?:Deno|Bun)\.env)$/;

/** The environment variable that a literal names because code reads it there; null for any other literal. */
export function environmentName(path: readonly string[], value: string): string | null {
  const first = value.charCodeAt(0);
  if (first < 65 || first > 90 || !/^[A-Z][A-Z0-9_]{2,80}$/.test(value)) return null;
  const last = path.at(-1) ?? "";
  const reads = ACCESS.test(last) || (last === "0" && READER.test(path.at(-2) ?? "")) || /^env_?var$/i.test(last);
  return reads ? value : null;
}
