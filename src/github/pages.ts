/**
 * Where people see what an API speaks of: `https://HOST/api/v3` belongs to `https://HOST`, `https://api.github.com` to
 * github.com, and `https://api.NAME.ghe.com` (data residency) to `https://NAME.ghe.com`.
 */
export function pagesOf(apiUrl: string): string {
  const { protocol, host, origin, pathname } = new URL(apiUrl);
  return pathname.startsWith("/api/v3") ? origin : `${protocol}//${host.replace(/^api\./, "")}`;
}
