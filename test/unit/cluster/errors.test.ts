import { describe, expect, test } from "vitest";
import { networkError } from "../../../src/cluster/network-error.ts";
import { printable } from "../../../src/cluster/printable.ts";
import { statusError } from "../../../src/cluster/status.ts";

const about = { host: "h:6443", answered: false, inBody: false, proxy: null };

describe("a request without an answer", () => {
  test.each([
    [
      "ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_EXPIRED",
      "remote error: tls: certificate expired",
      /client certificate: renew/,
    ],
    ["ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED", "remote error: tls: certificate expired", /client certificate: renew/],
    ["ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", "remote error: tls: certificate required", /did not accept/],
    ["ERR_SSL_TLSV1_ALERT_UNKNOWN_CA", "remote error: tls: unknown ca", /did not accept/],
    ["ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE", "remote error: tls: handshake failure", /broke off/],
    ["EHOSTUNREACH", "dial tcp h:6443: connect: no route to host", /VPN/],
    ["UND_ERR_CONNECT_TIMEOUT", "dial tcp h:6443: i/o timeout", /firewall/],
    ["EAI_AGAIN", "dial tcp: lookup h:6443: no such host", /DNS/],
  ])("%s", (code, message, next) => {
    const error = networkError(Object.assign(new Error("canary"), { code }), about);
    expect(error).toMatchObject({ message: `Unable to connect to the server: ${message}`, fatal: true, status: null });
    expect(error.next).toMatch(next);
  });

  test("the reason is found in causes and gathered errors, and their texts are not repeated", () => {
    const refused = Object.assign(new Error("canary"), { code: "ECONNREFUSED" });
    for (const error of [new Error("canary", { cause: refused }), new AggregateError([refused], "canary")]) {
      expect(networkError(error, about)).toMatchObject({ reason: "ConnectionRefused" });
      expect(networkError(error, about).message).not.toContain("canary");
    }
    expect(networkError(new Error("canary"), about).message).not.toContain("canary");
    const circular = new Error("canary");
    circular.cause = circular;
    expect(networkError(circular, about)).toMatchObject({ name: "ApiError" });
  });

  test("a broken connection ends the run only where nothing was answered before", () => {
    const reset = Object.assign(new Error(), { code: "ECONNRESET" });
    expect(networkError(reset, about).fatal).toBe(true);
    expect(networkError(reset, { ...about, answered: true, inBody: true })).toMatchObject({
      fatal: false,
      message: "Unable to connect to the server: the connection to h:6443 was closed in the middle of an answer",
    });
  });
});

describe("an answer outside 2xx", () => {
  test("only a Kubernetes Status is quoted", () => {
    const status = { kind: "Status", reason: "Forbidden", message: "secrets is forbidden" };
    expect(statusError(403, status, null).message).toBe("Error from server (Forbidden): secrets is forbidden");
    expect(statusError(403, { message: "canary", reason: "canary" }, null).message).not.toContain("canary");
    expect(statusError(418, null, null)).toMatchObject({ reason: "HTTP 418", status: 418, fatal: false });
  });

  test("a Status of the wrong types is still one clear error", () => {
    expect(statusError(500, { kind: "Status", reason: 7, message: { a: 1 } }, null)).toMatchObject({
      reason: "InternalError",
      message: expect.stringMatching(/^Error from server \(InternalError\): an error on the server/),
    });
  });
});

test("text is made printable: controls become their code point, line breaks stay, length is bounded", () => {
  expect(printable("a\u001b]0;x\u0007\r\u009b\u200e\ud800b\n\tc")).toBe(
    "aU+001B]0;xU+0007U+000DU+009BU+200EU+D800b\n\tc",
  );
  expect(printable("é 日本 🙂")).toBe("é 日本 🙂");
  expect(printable("x".repeat(5000))).toHaveLength(2001);
});
