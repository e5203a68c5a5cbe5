/** The password of `user:password`; null where there is none. */
export function passwordOf(userinfo: string): string | null {
  const text = userinfo.trim();
  const colon = text.indexOf(":");
  return colon > 0 && colon < text.length - 1 && !/\s/.test(text) ? text.slice(colon + 1) : null;
}

/** The password of base64 of `user:password` (RFC 7617); the user may be empty. Null where it is anything else. */
export function encodedPassword(written: string): string | null {
  if (written.length < 6 || written.length > 4096 || !/^[A-Za-z0-9+/]+={0,2}$/.test(written)) return null;
  const text = Buffer.from(written, "base64").toString("utf8");
  const colon = text.indexOf(":");
  if (colon < 0 || colon === text.length - 1 || /[\u0000-\u001f\ufffd]/.test(text)) return null;
  return text.slice(colon + 1);
}
