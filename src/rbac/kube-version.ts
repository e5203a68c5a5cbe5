/** `v1.36.4-eks-1` as major and minor; null where the text is no version. */
export function minorVersion(text: string | null): { major: number; minor: number } | null {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(text ?? "") ?? [];
  return major === undefined ? null : { major: Number(major), minor: Number(minor) };
}

/** Whether a server has what exists from `since` on and no longer from `until` on; null where its version is not known. */
export function isServed(
  server: string | null,
  { since, until }: { since: string | null; until: string | null },
): boolean | null {
  if (since === null && until === null) return true;
  const version = minorVersion(server);
  if (version === null) return null;
  const [from, to] = [minorVersion(since), minorVersion(until)];
  return (from === null || atLeast(version, from)) && (to === null || !atLeast(version, to));
}

/** Compared as numbers: 1.9 is older than 1.25. */
function atLeast(a: { major: number; minor: number }, b: { major: number; minor: number }): boolean {
  return a.major > b.major || (a.major === b.major && a.minor >= b.minor);
}
